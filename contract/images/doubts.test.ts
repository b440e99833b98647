import { describe, expect, test } from 'vitest';
import { findDoubts } from './doubts.ts';

const codes = (cloudPlatform: string, cloudLocation: string, cloudImageId: string) =>
  findDoubts({ cloudPlatform, cloudLocation, cloudImageId }).map(({ code }) => code);

const uuid = '3c1d6d0a-55f0-4f05-9a1c-0b6f6fd06a34';
const project = 'projects/fedora-coreos-cloud/global/images';

describe('there is no doubt about', () => {
  test.each([
    ['ec2', 'us-east-1', 'ami-0f13a2b4'],
    ['ec2', 'cn-north-1', 'ami-0f13a2b4c5d6e7f80'],
    ['gce', '', `${project}/fedora-coreos-44-20260720-2-1-gcp-x86-64`],
    ['gce', '', 'my-image-1'],
    ['azure', '', '/subscriptions/1/resourceGroups/a/providers/Microsoft.Compute/images/web'],
    ['azure', '', 'Canonical:ubuntu-24_04-lts:server:latest'],
    ['openstack', 'RegionOne', uuid],
    ['cloudstack', 'anywhere', uuid],
    ['vmware', 'dc1', 'any name at all'],
  ])('%s in "%s": %s', (...image) => expect(codes(...image)).toEqual([]));
});

describe('there is doubt about', () => {
  test.each([
    ['ec2', 'mars-1', 'not an ami!!', ['UnusualCloudImageId', 'UnknownLocation']],
    ['ec2', 'us-east-1', 'ami-0f13a2b4c', ['UnusualCloudImageId']],
    ['ec2', 'us-east-1', 'ami-0F13A2B4', ['UnusualCloudImageId']],
    ['ec2', 'us-east-9', 'ami-0f13a2b4', ['UnknownLocation']],
    ['gce', '', 'Not A Name', ['UnusualCloudImageId']],
    ['azure', '', 'web', ['UnusualCloudImageId']],
    ['openstack', 'RegionOne', 'ami-0f13a2b4', ['UnusualCloudImageId']],
  ])('%s in "%s": %s', (platform, location, id, expected) =>
    expect(codes(platform, location, id)).toEqual(expected),
  );
});

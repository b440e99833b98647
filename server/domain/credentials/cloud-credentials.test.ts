import { expect, test } from 'vitest';
import { actingRights } from '#contract/clouds/acting-rights.ts';
import {
  findCredentialsDeletionRefusal,
  findRightRefusal,
  planCredentials,
  planProvider,
  planRights,
} from './cloud-credentials.ts';

const lxd = 'LxdCloudCredentials';
const secret = { clientKey: 'key' };
const there = {
  socket: null,
  url: 'https://a',
  clientCertificate: 'certificate',
  serverCertificate: null,
};

test.each([
  ['a new address with its key', { ...there, ...secret }, undefined, secret],
  ['nothing new', {}, there, undefined],
  ['another key', secret, there, secret],
  ['a socket', { socket: '/s' }, undefined, undefined],
  ['a socket instead', { socket: '/s', url: null, clientCertificate: null }, there, null],
])('LXD takes %s', (_, given, before, secrets) => {
  expect(planCredentials(lxd, before, given)).toMatchObject({ secrets });
});

test.each([
  ['a new address without its key', { url: 'https://b' }, 'clientKey'],
  ['a new certificate without its key', { clientCertificate: 'other' }, 'clientKey'],
  ['a socket beside an address', { socket: '/s' }, 'url'],
  ['a socket with the certificate of the address', { socket: '/s', url: null }, 'socket'],
  ['neither', { url: null }, 'url'],
])('LXD takes no change to %s', (_, given, field) => {
  expect(planCredentials(lxd, there, given)).toMatchObject({ code: 'InvalidValue', field });
});

test('each type is for its platforms', () => {
  expect(planProvider(lxd, undefined)).toBe('lxd');
  expect(planProvider('AwsCloudCredentials', undefined)).toBe('ec2');
  expect(planProvider('AwsCloudCredentials', 'lxd')).toMatchObject({ field: 'provider' });
  expect(planProvider(lxd, 'ec2')).toMatchObject({ field: 'provider' });
  expect(planProvider('SimulatedCloudCredentials', 'gce')).toBe('gce');
  expect(planProvider('SimulatedCloudCredentials', undefined)).toMatchObject({ field: 'provider' });
});

test('rights that are not named stay as they are', () => {
  expect(planRights(['deleteImages'], { launchServers: true })).toEqual([
    'deleteImages',
    'launchServers',
  ]);
  expect(planRights(actingRights, { deleteImages: false })).not.toContain('deleteImages');
});

test('only the cloud of the process has all rights', () => {
  expect(findRightRefusal({ cloud_rights: null }, 'launchServers')).toBeUndefined();
  expect(findRightRefusal({}, 'launchServers')).toBeUndefined();
  const off = { credentials_name: 'LXD', cloud_rights: ['deleteImages'] as const };
  expect(findRightRefusal(off, 'deleteImages')).toBeUndefined();
  expect(findRightRefusal(off, 'launchServers')?.reason).toContain('"LXD"');
});

test.each([
  [{ environments: 0, servers: 0, calls: 0 }, undefined],
  [{ environments: 1, servers: 2, calls: 3 }, 'used by 1 environment and 2 servers'],
  [{ environments: 0, servers: 1, calls: 0 }, 'used by 1 server.'],
  [{ environments: 0, servers: 0, calls: 2 }, '2 calls to their cloud that are under way'],
])('credentials with %o are deleted, or it is said why not', (use, words) => {
  const reason = findCredentialsDeletionRefusal('LXD', use)?.reason;
  if (words === undefined) expect(reason).toBeUndefined();
  else expect(reason).toContain(words);
});

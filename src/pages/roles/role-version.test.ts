import { expect, test } from 'vitest';
import type { Image } from '#contract/images/images.ts';

import { takeVersion } from './role-version.ts';

let last = 0;
function image(cloudLocation: string, more: Partial<Image> = {}): Image {
  last += 1;
  return {
    id: String(last),
    cloudPlatform: 'ec2',
    cloudLocation,
    architecture: 'x86_64',
    status: 'active',
    deprecated: false,
    ...more,
  } as Image;
}
const us = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };

test('a role takes one image of each place where it has none, of one architecture', () => {
  const [a, b, other] = [
    image('us-east-1'),
    image('eu-west-1'),
    image('sa-east-1', { architecture: 'aarch64' }),
  ];
  expect(takeVersion([a, b, other, image('eu-west-1')], [us], 'x86_64')).toMatchObject({
    add: [b],
    held: expect.arrayContaining([a]),
    unusable: [],
  });
  expect(takeVersion([a, b, other], [us], 'aarch64').add).toEqual([other]);
});

test('a role takes nothing that is deprecated or not active, and says so', () => {
  const old = image('us-east-1', { deprecated: true });
  const failed = image('eu-west-1', { status: 'failed' });
  const instead = image('eu-west-1');
  expect(takeVersion([old, failed, instead], [], 'x86_64')).toEqual({
    add: [instead],
    held: [],
    unusable: [old],
  });
});

import { expect, test } from 'vitest';
import { findCopyRefusal, findDestinationRefusal, findSamePlaceRefusal } from './image-copies.ts';

test.each([
  ['ec2', 'eu-west-1', undefined],
  ['ec2', 'atlantis-1', { code: 'InvalidValue', field: 'cloudLocation' }],
  ['ec2', '', { code: 'InvalidValue', field: 'cloudLocation' }],
  ['gce', '', { code: 'InvalidValue', field: 'cloudPlatform' }],
  ['openstack', 'eu-west-1', { code: 'InvalidValue', field: 'cloudPlatform' }],
])('copying to %s "%s" is answered by %o', (cloudPlatform, cloudLocation, refusal) => {
  const found = findDestinationRefusal({ cloudPlatform, cloudLocation });
  if (refusal) expect(found).toMatchObject(refusal);
  else expect(found).toBeUndefined();
});

const image = {
  name: 'base',
  status: 'active' as const,
  deprecated_at: null,
  other_deprecations: [],
  scope: 'account' as const,
  account_id: 1,
  environment_id: null,
  cloud_platform: 'ec2',
  cloud_location: 'us-east-1',
};

test.each([
  { of: image, code: undefined },
  { of: { ...image, status: 'pending_copy' as const }, code: 'UnacceptableImageStatus' },
  { of: { ...image, status: 'pending_delete' as const }, code: 'UnacceptableImageStatus' },
  { of: { ...image, status: 'failed' as const }, code: 'UnacceptableImageStatus' },
  { of: { ...image, deprecated_at: new Date() }, code: 'Deprecated' },
  { of: { ...image, cloud_platform: 'gce' }, code: 'InvalidValue' },
])('copying $of is answered by $code', ({ of, code }) => {
  expect(findCopyRefusal(of)?.code).toBe(code);
});

test('a copy goes to another location than its image', () => {
  const to = (cloudLocation: string) => ({ cloudPlatform: 'ec2', cloudLocation });
  expect(findSamePlaceRefusal(image, to('us-east-1'))?.code).toBe('BadRequest');
  expect(findSamePlaceRefusal(image, to('eu-west-1'))).toBeUndefined();
});

import { expect, test } from 'vitest';
import { findDeletionRefusal } from './image-deletion.ts';

const image = {
  name: 'base',
  status: 'active' as const,
  scope: 'environment' as const,
  cloud_image_id: 'ami-1',
};
const free = {
  roles: 0,
  groups: 0,
  servers: 0,
  unfinishedCopies: 0,
  otherRegistrations: 0,
  references: 0,
  notRead: [],
};
const notRead = ['eu-west-1 with credentials "a": not read yet.'];

test.each([
  { image, use: free, fromCloud: false, code: undefined },
  { image, use: free, fromCloud: true, code: undefined },
  { image: { ...image, status: 'failed' as const }, use: free, fromCloud: false, code: undefined },
  { image: { ...image, status: 'failed' as const }, use: free, fromCloud: true, code: undefined },
  {
    image: { ...image, status: 'pending_delete' as const },
    use: free,
    fromCloud: false,
    code: 'UnacceptableImageStatus',
  },
  {
    image: { ...image, status: 'pending_copy' as const, cloud_image_id: '' },
    use: free,
    fromCloud: false,
    code: 'UnacceptableImageStatus',
  },
  {
    image: { ...image, status: 'failed' as const, cloud_image_id: '' },
    use: free,
    fromCloud: false,
    code: undefined,
  },
  {
    image: { ...image, status: 'failed' as const, cloud_image_id: '' },
    use: free,
    fromCloud: true,
    code: 'InvalidValue',
  },
  { image, use: { ...free, unfinishedCopies: 1 }, fromCloud: false, code: 'ObjectInUse' },
  { image, use: { ...free, roles: 1 }, fromCloud: false, code: 'ObjectInUse' },
  { image, use: { ...free, servers: 1 }, fromCloud: false, code: 'ObjectInUse' },
  { image, use: { ...free, groups: 1 }, fromCloud: false, code: 'ObjectInUse' },
  { image, use: { ...free, references: 1 }, fromCloud: false, code: undefined },
  { image, use: { ...free, references: 1 }, fromCloud: true, code: 'ObjectInUse' },
  { image, use: { ...free, notRead }, fromCloud: false, code: undefined },
  { image, use: { ...free, notRead }, fromCloud: true, code: 'ObjectInUse' },
  { image, use: { ...free, otherRegistrations: 1 }, fromCloud: false, code: undefined },
  { image, use: { ...free, otherRegistrations: 1 }, fromCloud: true, code: 'ObjectInUse' },
  { image: { ...image, scope: 'account' as const }, use: free, fromCloud: false, code: undefined },
  {
    image: { ...image, scope: 'account' as const },
    use: free,
    fromCloud: true,
    code: 'InvalidValue',
  },
  {
    image: { ...image, scope: 'scalr' as const },
    use: free,
    fromCloud: true,
    code: 'InvalidValue',
  },
])(
  'deleting $image.status $image.scope image with $use, from the cloud: $fromCloud, is answered by $code',
  ({ image, use, fromCloud, code }) => {
    expect(findDeletionRefusal(image, use, fromCloud)?.code).toBe(code);
  },
);

test('a refusal says how much is in the way', () => {
  const use = { ...free, roles: 1, servers: 7, otherRegistrations: 2 };
  expect(findDeletionRefusal(image, use, false)?.reason).toMatch(/1 role and 7 servers/);
  expect(findDeletionRefusal(image, { ...free, otherRegistrations: 2 }, true)?.reason).toMatch(
    /2 more times/,
  );
  expect(findDeletionRefusal(image, { ...free, references: 3 }, true)?.reason).toMatch(
    /3 references/,
  );
  expect(findDeletionRefusal(image, { ...free, notRead }, true)?.reason).toMatch(/not read yet/);
});

import { describe, expect, test } from 'vitest';
import {
  type ChangeableImage,
  findSuccessorRefusal,
  planDeprecation,
  planRegistration,
  planUpdate,
  refuseDuplicate,
} from './images.ts';
import { findChangeRefusal } from './image-states.ts';

const stamp = { at: new Date('2026-05-01T10:00:00Z'), by: 'publisher@example.com' };

const image: ChangeableImage = {
  name: 'mysql-8-4-3',
  description: '',
  status: 'active',
  deprecated_at: null,
  deprecated_by: null,
  deprecation_reason: null,
  deprecation_replacement_id: null,
};
const deprecated: ChangeableImage = {
  ...image,
  deprecated_at: new Date('2026-04-01T00:00:00Z'),
  deprecated_by: 'somebody@example.com',
  deprecation_reason: 'too old',
  deprecation_replacement_id: 'b',
};

describe('a registration', () => {
  const ec2 = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1', cloudImageId: 'ami-1' };

  test.each([
    { given: ec2, location: 'us-east-1' },
    { given: { ...ec2, scope: 'account' as const }, location: 'us-east-1' },
    { given: { ...ec2, type: 'ebs-hvm' }, location: 'us-east-1' },
    { given: { ...ec2, cloudPlatform: 'gce' }, location: '' },
    { given: { cloudPlatform: 'azure', cloudImageId: 'x' }, location: '' },
  ])('of $given is at the location "$location"', ({ given, location }) => {
    expect(planRegistration(given, 'account')).toEqual({ cloudLocation: location });
  });

  test.each([
    { given: { ...ec2, scope: 'environment' as const }, code: 'InvalidValue', field: 'scope' },
    { given: { ...ec2, cloudImageId: ' ami-1' }, code: 'InvalidValue', field: 'cloudImageId' },
    {
      given: { ...ec2, cloudLocation: undefined },
      code: 'InvalidStructure',
      field: 'cloudLocation',
    },
    { given: { ...ec2, cloudLocation: '' }, code: 'InvalidValue', field: 'cloudLocation' },
    {
      given: { ...ec2, cloudLocation: 'us-east-1 ' },
      code: 'InvalidValue',
      field: 'cloudLocation',
    },
    { given: { ...ec2, cloudPlatform: 'gce', type: 'ebs' }, code: 'InvalidValue', field: 'type' },
  ])('of $given is refused for its $field', ({ given, code, field }) => {
    expect(planRegistration(given, 'account')).toMatchObject({ code, field });
  });

  test('that is there already is told by which image and at which scope', () => {
    const other = {
      name: 'base',
      scope: 'scalr' as const,
      status: 'active',
      cloud_image_id: 'ami-1',
      cloud_location: 'us-east-1',
    };
    expect(refuseDuplicate(other)).toMatchObject({
      code: 'UnicityViolation',
      field: 'cloudImageId',
      reason: expect.stringMatching(/ami-1 in us-east-1.*Corporate.*"base"/),
    });
    expect(refuseDuplicate({ ...other, status: 'pending_delete' }).reason).toMatch(/being deleted/);
  });
});

describe('a change', () => {
  test.each([
    { patch: {}, change: {} },
    { patch: { name: image.name, description: '', deprecated: false }, change: {} },
    { patch: { name: 'mysql-8-4-4' }, change: { name: 'mysql-8-4-4' } },
    { patch: { description: 'tested' }, change: { description: 'tested' } },
    {
      patch: { deprecated: true },
      change: { deprecated_at: stamp.at, deprecated_by: stamp.by },
    },
  ])('by $patch changes only what differs', ({ patch, change }) => {
    expect(planUpdate(image, patch, stamp)).toEqual(change);
  });

  test.each([
    { status: 'active' as const, refused: false },
    { status: 'pending_copy' as const, refused: false },
    { status: 'failed' as const, refused: false },
    { status: 'pending_delete' as const, refused: true },
  ])('of an image that is $status is refused: $refused', ({ status, refused }) => {
    const code = findChangeRefusal({ name: 'x', status })?.code;
    expect(code).toBe(refused ? 'UnacceptableImageStatus' : undefined);
  });
});

describe('deprecation', () => {
  const restored = {
    deprecated_at: null,
    deprecated_by: null,
    deprecation_reason: null,
    deprecation_replacement_id: null,
  };
  const now = { deprecated_at: stamp.at, deprecated_by: stamp.by };

  test.each([
    { of: image, wish: { deprecate: true }, change: now },
    {
      of: image,
      wish: { deprecate: true, reason: 'old', replacementId: 'b' },
      change: { ...now, deprecation_reason: 'old', deprecation_replacement_id: 'b' },
    },
    { of: image, wish: { deprecate: true, reason: '' }, change: now },
    { of: image, wish: { deprecate: false }, change: {} },
    { of: deprecated, wish: { deprecate: true }, change: {} },
    {
      of: deprecated,
      wish: { deprecate: true, reason: 'too old', replacementId: 'b' },
      change: {},
    },
    {
      of: deprecated,
      wish: { deprecate: true, reason: 'unsafe' },
      change: { deprecation_reason: 'unsafe' },
    },
    {
      of: deprecated,
      wish: { deprecate: true, reason: '', replacementId: null },
      change: { deprecation_reason: null, deprecation_replacement_id: null },
    },
    { of: deprecated, wish: { deprecate: false }, change: restored },
  ])('$wish keeps who deprecated it first, and when', ({ of, wish, change }) => {
    expect(planDeprecation(of, wish, stamp)).toEqual(change);
  });

  const place = { scope: 'account', account_id: 1, environment_id: null } as const;
  const successor = {
    id: 'b',
    name: 'newer',
    status: 'active' as const,
    deprecated_at: null,
    other_deprecations: [],
  };
  test.each([
    { successor, code: undefined },
    { successor: { ...successor, id: 'a' }, code: 'InvalidValue' },
    { successor: { ...successor, status: 'failed' as const }, code: 'UnacceptableImageStatus' },
    {
      successor: { ...successor, status: 'pending_delete' as const },
      code: 'UnacceptableImageStatus',
    },
    {
      successor: { ...successor, status: 'pending_copy' as const },
      code: 'UnacceptableImageStatus',
    },
    { successor: { ...successor, deprecated_at: stamp.at }, code: 'Deprecated' },
  ])('recommending $successor is answered by $code', ({ successor, code }) => {
    expect(findSuccessorRefusal({ id: 'a', ...place }, successor)?.code).toBe(code);
  });
});

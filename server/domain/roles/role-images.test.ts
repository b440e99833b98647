import { describe, expect, test } from 'vitest';
import { findEntryRefusal, type ImageFacts, isSameSystem, type RoleFacts } from './role-images.ts';

const account = { scope: 'account', account_id: 1, environment_id: null } as const;
const environment = { scope: 'environment', account_id: 1, environment_id: 11 } as const;
const os = { os_name: 'Ubuntu 24.04', os_family: 'ubuntu', os_generation: '24.04' };
const image: ImageFacts = {
  ...account,
  ...os,
  id: 'a',
  name: 'web-1',
  status: 'active',
  deprecated_at: null,
  other_deprecations: [],
  scalr_agent_installed: true,
  cloud_init_installed: false,
};
const role: RoleFacts = { ...environment, ...os, id: 1, name: 'web', use_scalr_agent: true };

describe('into a role of its OS enters an image that', () => {
  test.each<[string, Partial<ImageFacts>, Partial<RoleFacts>]>([
    ['is active, visible, current and has the agent', {}, {}],
    ['is at the same scope', { ...environment }, {}],
    ['has cloud-init only', { scalr_agent_installed: false, cloud_init_installed: true }, {}],
    [
      'has neither, when the role needs none',
      { scalr_agent_installed: false },
      { use_scalr_agent: false },
    ],
    ['does not say what its OS is', { os_family: null, os_generation: null }, {}],
  ])('%s', (_, values, needs) => {
    expect(findEntryRefusal({ ...image, ...values }, { ...role, ...needs })).toBeUndefined();
  });
});

describe('into a role does not enter an image that', () => {
  test.each<[string, Partial<ImageFacts>, Partial<RoleFacts>, string]>([
    ['lives below the role', { ...environment }, { ...account }, 'ScopeViolation'],
    ['lives in another environment', { ...environment, environment_id: 12 }, {}, 'ScopeViolation'],
    ['lives in another account', { account_id: 2 }, {}, 'ScopeViolation'],
    ['is being deleted', { status: 'pending_delete' }, {}, 'UnacceptableImageStatus'],
    ['is being copied', { status: 'pending_copy' }, {}, 'UnacceptableImageStatus'],
    ['has failed', { status: 'failed' }, {}, 'UnacceptableImageStatus'],
    ['is deprecated', { deprecated_at: new Date() }, {}, 'Deprecated'],
    ['is of another family', { os_family: 'debian' }, {}, 'OperatingSystemMismatch'],
    ['is of another generation', { os_generation: '22.04' }, {}, 'OperatingSystemMismatch'],
    ['lacks the agent', { scalr_agent_installed: false }, {}, 'UnacceptableImageStatus'],
  ])('%s', (_, values, place, code) => {
    expect(findEntryRefusal({ ...image, ...values }, { ...role, ...place })?.code).toBe(code);
  });
});

test('only deprecation is forgiven when an image comes back', () => {
  const deprecated = { ...image, deprecated_at: new Date() };
  const options = { allowDeprecated: true };
  expect(findEntryRefusal(deprecated, role, options)).toBeUndefined();
  expect(findEntryRefusal({ ...deprecated, status: 'failed' }, role, options)).toMatchObject({
    code: 'UnacceptableImageStatus',
  });
});

test('an image that names its OS does not fit one that names none', () => {
  expect(isSameSystem(os, { os_family: null, os_generation: null })).toBe(false);
});

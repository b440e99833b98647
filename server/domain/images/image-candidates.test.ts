import { expect, test } from 'vitest';
import { findCandidateRefusal, isFittingSystem } from './image-candidates.ts';

const old = {
  id: 'old',
  name: 'base-1',
  scope: 'account' as const,
  account_id: 1,
  environment_id: null,
  status: 'active' as const,
  deprecated_at: null,
  other_deprecations: [],
  os_name: 'Ubuntu 24.04',
  os_family: 'ubuntu',
  os_generation: '24.04',
  cloud_platform: 'ec2',
  cloud_image_id: 'ami-1',
  cloud_location: 'us-east-1',
  architecture: 'x86_64',
  scalr_agent_installed: true,
  cloud_init_installed: false,
};
const newer = { ...old, id: 'new', name: 'base-2' };
const role = {
  id: 1,
  name: 'app',
  scope: 'account' as const,
  account_id: 1,
  environment_id: null,
  os_name: 'Ubuntu 24.04',
  os_family: 'ubuntu',
  os_generation: '24.04',
  use_scalr_agent: true,
};
const at = { scope: 'account', accountId: 1 } as const;
const bare = { ...newer, scalr_agent_installed: false };

test.each([
  { candidate: newer, code: undefined },
  { candidate: newer, for: role, code: undefined },
  { candidate: old, code: 'InvalidValue' },
  { candidate: { ...newer, cloud_location: 'eu-west-1' }, code: 'BadRequest' },
  { candidate: { ...newer, cloud_platform: 'gce' }, code: 'BadRequest' },
  { candidate: { ...newer, status: 'failed' as const }, code: 'UnacceptableImageStatus' },
  { candidate: { ...newer, status: 'pending_delete' as const }, code: 'UnacceptableImageStatus' },
  { candidate: { ...newer, deprecated_at: new Date(0) }, code: 'Deprecated' },
  { candidate: { ...newer, os_generation: '22.04' }, code: 'OperatingSystemMismatch' },
  { candidate: { ...newer, os_family: 'debian' }, code: 'OperatingSystemMismatch' },
  { candidate: { ...newer, os_family: null, os_generation: null }, code: undefined },
  { candidate: { ...newer, architecture: 'aarch64' }, code: 'ConfigurationMismatch' },
  { candidate: bare, code: undefined },
  { candidate: bare, for: role, code: 'UnacceptableImageStatus' },
  { candidate: bare, for: { ...role, use_scalr_agent: false }, code: undefined },
  { candidate: { ...bare, cloud_init_installed: true }, for: role, code: undefined },
  {
    candidate: { ...newer, scope: 'environment' as const, environment_id: 2 },
    for: role,
    code: 'ScopeViolation',
  },
])('candidate $candidate for role $for is answered by $code', ({ candidate, for: role, code }) => {
  expect(findCandidateRefusal(old, candidate, at, role)?.code).toBe(code);
});

test('a system fits when it is of the same family and generation, or one side does not say', () => {
  const any = { os_family: null, os_generation: null };
  const focal = { os_family: 'ubuntu', os_generation: '20.04' };
  expect(isFittingSystem(old, old)).toBe(true);
  expect(isFittingSystem(any, old)).toBe(true);
  expect(isFittingSystem(focal, old)).toBe(false);
  expect(isFittingSystem(focal, any)).toBe(true);
  expect(isFittingSystem(focal, any, role)).toBe(false);
});

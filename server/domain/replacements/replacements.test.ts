import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '#contract/errors.ts';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import { planReplacement, type ReplacementFacts, type RoleUse } from './replacements.ts';
import { type ReplacedImage } from './replacement-images.ts';
import { planReach } from './replacement-reach.ts';

const account: ScopeRef = { scope: 'account', accountId: 1 };
const inAccount = { scope: 'account', account_id: 1, environment_id: null } as const;
const inEnvironment = { scope: 'environment', account_id: 1, environment_id: 5 } as const;
const corporate = { scope: 'scalr', account_id: null, environment_id: null } as const;

const ubuntu = { os_name: 'Ubuntu 24.04', os_family: 'ubuntu', os_generation: '24.04' };
const debian = { os_name: 'Debian 13', os_family: 'debian', os_generation: '13' };
const unknown = { os_name: 'Unknown OS', os_family: null, os_generation: null };

function image(values: Partial<ReplacedImage> = {}): ReplacedImage {
  return {
    id: 'old',
    name: 'app-1',
    ...inAccount,
    status: 'active',
    deprecated_at: null,
    other_deprecations: [],
    ...ubuntu,
    scalr_agent_installed: true,
    cloud_init_installed: false,
    cloud_platform: 'ec2',
    cloud_image_id: 'ami-1',
    cloud_location: 'us-east-1',
    architecture: 'x86_64',
    ...values,
  };
}

function role(id: number, values: Partial<RoleUse> = {}): RoleUse {
  return {
    id,
    name: `role-${id}`,
    ...inAccount,
    ...ubuntu,
    use_scalr_agent: true,
    image_id: 'old',
    held_new_image: false,
    ...values,
  };
}

function plan(facts: Partial<ReplacementFacts> = {}) {
  return planReplacement({
    at: account,
    reach: ['account'],
    oldImage: image(),
    newImage: image({ id: 'new', name: 'app-2', cloud_image_id: 'ami-2' }),
    roles: [role(1), role(2)],
    inheritedRoles: 0,
    options: {},
    lacking: {},
    ...facts,
  });
}

describe('reach', () => {
  const cases: [own: Scope, named: Scope[] | undefined, reach: Scope[] | undefined][] = [
    ['scalr', undefined, ['scalr']],
    ['account', undefined, ['account']],
    ['environment', undefined, ['environment']],
    ['scalr', ['scalr'], ['scalr']],
    ['scalr', ['account', 'scalr'], ['scalr', 'account']],
    ['scalr', ['environment', 'scalr', 'account'], ['scalr', 'account', 'environment']],
    ['account', ['account', 'environment'], ['account', 'environment']],
    ['account', ['account', 'account'], ['account']],
    ['environment', ['environment'], ['environment']],
    // A lower scope needs those between it and the request's.
    ['scalr', ['account'], undefined],
    ['scalr', ['scalr', 'environment'], undefined],
    ['scalr', ['environment'], undefined],
    ['account', ['environment'], undefined],
    // A higher scope is never reached from below.
    ['account', ['scalr'], undefined],
    ['account', ['scalr', 'account'], undefined],
    ['environment', ['account', 'environment'], undefined],
    ['environment', ['scalr'], undefined],
  ];
  test.each(cases)('at %s naming %j reaches %j', (own, named, reach) => {
    const result = planReach(own, named);
    if (reach) expect(result).toEqual({ reach });
    else
      expect(result).toMatchObject({
        code: 'InvalidValue',
        reason: expect.stringMatching(/name .*"/),
      });
  });
});

describe('the new image', () => {
  const cases: [what: string, values: Partial<ReplacedImage>, code: ErrorCode | undefined][] = [
    ['another one of the same kind', {}, undefined],
    ['itself', { id: 'old' }, 'InvalidValue'],
    // Both clouds have no locations: the platform must be compared as well.
    ['one of another cloud', { cloud_platform: 'gce', cloud_location: '' }, 'BadRequest'],
    ['one of another location', { cloud_location: 'eu-west-1' }, 'BadRequest'],
    ['a failed one', { status: 'failed' }, 'UnacceptableImageStatus'],
    ['one being copied', { status: 'pending_copy' }, 'UnacceptableImageStatus'],
    ['one being deleted', { status: 'pending_delete' }, 'UnacceptableImageStatus'],
    ['a deprecated one', { deprecated_at: new Date() }, 'Deprecated'],
    ['one of another family', debian, 'OperatingSystemMismatch'],
    ['one of another generation', { os_generation: '22.04' }, 'OperatingSystemMismatch'],
    ['one whose system is unknown', unknown, undefined],
    ['one of another architecture', { architecture: 'aarch64' }, 'ConfigurationMismatch'],
    ['one without an agent', { scalr_agent_installed: false }, 'UnacceptableImageStatus'],
    [
      'one with cloud-init alone',
      { scalr_agent_installed: false, cloud_init_installed: true },
      undefined,
    ],
  ];
  test.each(cases)('%s', (_what, values, code) => {
    const { refusal, change } = plan({ newImage: image({ id: 'new', ...values }) });
    expect(refusal?.code).toBe(code);
    expect(change.length).toBe(code ? 0 : 2);
  });

  test('platform differs although neither has a location', () => {
    const place = { cloud_platform: 'gce', cloud_location: '' };
    const newImage = image({ id: 'new', ...place, cloud_platform: 'azure' });
    expect(plan({ oldImage: image(place), newImage }).refusal?.code).toBe('BadRequest');
  });

  test('of a known system may follow one of an unknown system where the role agrees', () => {
    const { refusal, change } = plan({ oldImage: image(unknown) });
    expect(refusal).toBeUndefined();
    expect(change).toHaveLength(2);
  });

  test('of another architecture is taken when that is allowed', () => {
    const newImage = image({ id: 'new', architecture: 'aarch64' });
    const { refusal } = plan({ newImage, options: { allowArchitectureChange: true } });
    expect(refusal).toBeUndefined();
  });

  test('names the member of the input that is wrong', () => {
    expect(plan({ newImage: image() }).refusal?.field).toBe('newImage.id');
  });
});

describe('roles', () => {
  const other = role(3, debian);
  const agentless = image({ id: 'new', name: 'app-2', scalr_agent_installed: false });

  test('out of reach keep the old image and are counted', () => {
    const roles = [role(1), role(2, inEnvironment), role(3, inEnvironment)];
    const { change, outsideReach } = plan({ roles });
    expect(change.map(({ id }) => id)).toEqual([1]);
    expect(outsideReach).toBe(2);
  });

  test('that cannot change refuse the whole call, are named and come first', () => {
    const { refusal, roles } = plan({ roles: [role(1), other], oldImage: image(unknown) });
    expect(refusal?.code).toBe('OperatingSystemMismatch');
    expect(refusal?.reason).toContain('1 of the 2 roles in reach, "role-3"');
    expect(refusal?.blockers).toMatchObject([
      { type: 'role', id: 3, scope: 'account', accountId: 1, code: 'OperatingSystemMismatch' },
    ]);
    expect(roles.map((planned) => [planned.role.id, planned.outcome])).toEqual([
      [3, 'skip'],
      [1, 'change'],
    ]);
  });

  test('that cannot change are skipped with a warning each when asked', () => {
    const options = { onIncompatible: 'skip' } as const;
    const done = plan({ roles: [role(1), other], oldImage: image(unknown), options });
    expect(done.refusal).toBeUndefined();
    expect(done.change.map(({ id }) => id)).toEqual([1]);
    expect(done.warnings).toEqual([
      { code: 'OperatingSystemMismatch', message: expect.stringContaining('"role-3" (3)') },
    ]);
  });

  test('that need no agent take an image without one', () => {
    const { refusal } = plan({ newImage: agentless, roles: [role(1, { use_scalr_agent: false })] });
    expect(refusal).toBeUndefined();
  });

  test('above the new image cannot take it', () => {
    const roles = [role(1), role(2, inEnvironment)];
    const newImage = image({ id: 'new', ...inEnvironment });
    const reach = ['account', 'environment'] as const;
    expect(plan({ newImage, roles, reach }).refusal?.code).toBe('ScopeViolation');
  });

  test('none to change is no error, and says so', () => {
    const { refusal, change, warnings } = plan({ roles: [] });
    expect([refusal, change]).toEqual([undefined, []]);
    expect(warnings.map(({ code }) => code)).toEqual(['NothingToReplace']);
  });

  test('of higher scopes that are used here are pointed out', () => {
    expect(plan({ inheritedRoles: 2 }).warnings.map(({ code }) => code)).toEqual([
      'InheritedRoles',
    ]);
  });
});

describe('a deprecated new image', () => {
  const newImage = image({ id: 'new', name: 'app-0', deprecated_at: new Date() });
  const held = { held_new_image: true };

  test('returns when every role held it there before, with a warning', () => {
    const done = plan({ newImage, roles: [role(1, held), role(2, held)] });
    expect(done.refusal).toBeUndefined();
    expect(done.returnsToEarlierImage).toBe(true);
    expect(done.warnings.map(({ code }) => code)).toEqual(['Deprecated']);
  });

  test('is refused when one role did not hold it', () => {
    const { refusal } = plan({ newImage, roles: [role(1, held), role(2)] });
    expect(refusal?.code).toBe('Deprecated');
    expect(refusal?.blockers).toMatchObject([{ id: 2 }]);
  });

  test('skips the roles that did not hold it when asked', () => {
    const options = { onIncompatible: 'skip' } as const;
    const { change } = plan({ newImage, options, roles: [role(1, held), role(2)] });
    expect(change.map(({ id }) => id)).toEqual([1]);
  });

  test('is refused when no role held it, even when roles are to be skipped', () => {
    const options = { onIncompatible: 'skip' } as const;
    expect(plan({ newImage, options }).refusal?.code).toBe('Deprecated');
    expect(plan({ newImage, options, roles: [] }).refusal?.code).toBe('Deprecated');
  });
});

describe('deprecating the old image', () => {
  const options = { deprecateOldImage: true };

  test.each([
    ['an own image', image(), undefined],
    ['an image of a higher scope', image(corporate), 'ScopeViolation'],
    ['an image being deleted', image({ status: 'pending_delete' }), 'UnacceptableImageStatus'],
    ['a failed image', image({ status: 'failed' }), undefined],
  ])('%s', (_what, oldImage, code) => {
    const done = plan({ oldImage, options });
    expect(done.refusal?.code).toBe(code);
    expect(done.deprecateOldImage.allowed).toBe(code === undefined);
    // Whether it may be is told also when it is not asked for.
    expect(plan({ oldImage }).deprecateOldImage.code).toBe(code);
    expect(plan({ oldImage }).refusal).toBeUndefined();
  });

  test('leaves an earlier deprecation as it is', () => {
    const done = plan({ oldImage: image({ deprecated_at: new Date() }), options });
    expect([done.refusal, done.deprecates]).toEqual([undefined, false]);
    expect(plan({ options }).deprecates).toBe(true);
    expect(plan().deprecates).toBe(false);
  });

  test('happens also when no role changes', () => {
    expect(plan({ options, roles: [] }).deprecates).toBe(true);
  });
});

describe('rights', () => {
  test('a missing right refuses first, and the roles that would change are still shown', () => {
    const done = plan({ lacking: { replace: 'no' }, newImage: image() });
    expect(done.refusal).toEqual({ code: 'PermissionViolation', reason: 'no' });
    expect(plan({ lacking: { replace: 'no' } }).change).toHaveLength(2);
  });

  test('deprecating needs its own right', () => {
    const lacking = { deprecate: 'no' };
    expect(plan({ lacking }).refusal).toBeUndefined();
    const done = plan({ lacking, options: { deprecateOldImage: true } });
    expect(done.refusal).toMatchObject({ code: 'PermissionViolation', reason: 'no' });
  });
});

describe('another registration of the old cloud image', () => {
  const roles = [
    role(1),
    role(2, { image_id: 'other' }),
    role(3, { image_id: 'other', ...inEnvironment }),
  ];

  test('stays in the roles that hold it, which are named', () => {
    const { change, otherRegistrations, outsideReach, warnings } = plan({ roles });
    expect(change.map(({ id }) => id)).toEqual([1]);
    expect(otherRegistrations.map(({ id }) => id)).toEqual([2]);
    expect(outsideReach).toBe(1);
    expect(warnings).toMatchObject([
      { code: 'OtherRegistrations', message: expect.stringContaining('"role-2"') },
    ]);
  });

  test('is taken along when asked for', () => {
    const options = { otherRegistrations: true };
    const { change, otherRegistrations, warnings } = plan({ roles, options });
    expect(change.map(({ id }) => id)).toEqual([1, 2]);
    expect([otherRegistrations, warnings]).toEqual([[], []]);
  });

  test('can come in its place, but not when that deprecates it too', () => {
    const newImage = image({ id: 'other' });
    const { change, otherRegistrations } = plan({ roles, newImage });
    // Those that hold it already have what they are to get.
    expect(change.map(({ id }) => id)).toEqual([1]);
    expect(otherRegistrations).toEqual([]);
    const options = { deprecateOldImage: true };
    expect(plan({ roles, newImage, options }).refusal).toMatchObject({
      code: 'InvalidValue',
      field: 'deprecateOldImage',
    });
  });
});

import { expect, test } from 'vitest';
import { joinCoverage } from '../inventory/image-use.ts';
import type { DeletableImage } from './delete.ts';
import { evaluateRule } from './evaluate.ts';
import type { PolicyRule } from '#contract/policies/rules.ts';
import { planRule } from './rules.ts';
import { findEnforceRefusal, findUndoRefusal } from './runs.ts';

const now = new Date('2026-08-01T00:00:00Z');
const daysAgo = (days: number) => new Date(Number(now) - days * 86_400_000);

const nothing = { server: 0, group: 0, template: 0, pointer: 0, role: 0, farm: 0 };

function image(name: string, values: Partial<DeletableImage> = {}): DeletableImage {
  return {
    kind: 'image',
    id: name,
    name,
    scope: 'environment',
    account_id: 1,
    environment_id: 1,
    cloud_platform: 'ec2',
    cloud_location: 'us-east-1',
    cloud_image_id: `ami-${name}`,
    os_id: 'ubuntu-24-04',
    architecture: 'x86_64',
    status: 'active',
    added_at: daysAgo(100),
    is_deprecated: false,
    is_protected: false,
    roles: 0,
    servers: 0,
    unfinishedCopies: 0,
    otherRegistrations: 0,
    references: nothing,
    unused_since: daysAgo(100),
    ...values,
  };
}

function rule(kind: PolicyRule['kind'], given: object): PolicyRule {
  const planned = planRule(kind, given);
  if ('code' in planned) throw new Error(planned.reason);
  return planned;
}

function deprecate(given: object, images: readonly DeletableImage[]) {
  return Object.fromEntries(
    evaluateRule(rule('deprecate', given), { kind: 'deprecate', images }, now).map((finding) => [
      finding.subject.id,
      finding,
    ]),
  );
}

const whole = joinCoverage(
  [
    {
      credentials: 'ours',
      account: '1',
      location: 'us-east-1',
      readAt: now,
      error: null,
      unread: [],
      unresolved: [],
    },
  ],
  now,
);

function remove(
  given: object,
  images: readonly DeletableImage[],
  coverage = new Map([['ec2', whole]]),
) {
  const facts = { kind: 'delete' as const, images, coverage };
  return Object.fromEntries(
    evaluateRule(rule('delete', given), facts, now).map((finding) => [finding.subject.id, finding]),
  );
}

test('what is beyond the newest of its line is due, and the newest that stays is recommended instead', () => {
  const found = deprecate({ keepNewest: 2 }, [
    image('web-1-9', { added_at: daysAgo(4) }),
    image('web-1-10', { added_at: daysAgo(30) }),
    image('web-1-2', { added_at: daysAgo(40) }),
    image('db-1', { added_at: daysAgo(400) }),
  ]);
  expect(found).toMatchObject({
    'web-1-10': { verdict: 'kept', code: 'newest' },
    'web-1-9': { verdict: 'kept', code: 'newest' },
    'web-1-2': { verdict: 'due', code: 'superseded', useInstead: 'web-1-10' },
    'db-1': { verdict: 'kept', code: 'newest' },
  });
  // Since the second newer one was there.
  expect(found['web-1-2']?.dueAt).toEqual(daysAgo(30));
});

test('what is not old yet is due on the day on which it will be', () => {
  const found = deprecate({ olderThanDays: 90, keepNewest: 1 }, [
    image('web-3', { added_at: daysAgo(1) }),
    image('web-2', { added_at: daysAgo(60) }),
    image('web-1', { added_at: daysAgo(120) }),
  ]);
  expect(found).toMatchObject({
    'web-3': { verdict: 'kept', code: 'newest' },
    'web-2': { verdict: 'later', code: 'old', dueAt: daysAgo(-30) },
    'web-1': { verdict: 'due', code: 'old', dueAt: daysAgo(30) },
  });
});

test('with days alone even the newest of a line grows old', () => {
  const found = deprecate({ olderThanDays: 90, keepNewest: null }, [image('web-1')]);
  expect(found['web-1']).toMatchObject({ verdict: 'due', code: 'old' });
  expect(found['web-1']?.useInstead).toBeUndefined();
});

test('each place, architecture, OS and scope keeps its own newest', () => {
  const elsewhere = [
    { cloud_location: 'eu-west-1' },
    { architecture: 'aarch64' },
    { os_id: 'debian-12-x' },
    { environment_id: 2 },
    { cloud_platform: 'gce' },
  ];
  const found = deprecate({ keepNewest: 1 }, [
    image('web-9'),
    ...elsewhere.map((where, index) => image('web-1', { ...where, id: String(index) })),
  ]);
  expect(Object.values(found).map(({ code }) => code)).toEqual(Array(6).fill('newest'));
});

test.each([
  ['deprecated', { is_deprecated: true }],
  ['protected', { is_protected: true }],
  ['status', { status: 'pending_copy' as const }],
  ['status', { status: 'failed' as const }],
])('what is %s is left alone', (code, values) => {
  const found = deprecate({ keepNewest: 1 }, [image('web-1', values), image('web-2')]);
  expect(found['web-1']).toMatchObject({ verdict: 'kept', code });
});

test('a withdrawn newest pushes nothing out', () => {
  const found = deprecate({ keepNewest: 1 }, [
    image('web-3', { is_deprecated: true }),
    image('web-2'),
    image('web-1'),
  ]);
  expect(found['web-2']).toMatchObject({ code: 'newest' });
  expect(found['web-1']).toMatchObject({ verdict: 'due', useInstead: 'web-2' });
});

test('what is unused long enough is deleted, and what is not yet has a day', () => {
  const found = remove({ unusedForDays: 30 }, [
    image('web-3'),
    image('web-2', { unused_since: daysAgo(10) }),
    image('web-1', { unused_since: daysAgo(31) }),
  ]);
  expect(found).toMatchObject({
    'web-3': { verdict: 'kept', code: 'newest' },
    'web-2': { verdict: 'later', dueAt: daysAgo(-20) },
    'web-1': { verdict: 'due', code: 'unused' },
  });
});

test.each([
  ['protected', { is_protected: true }],
  ['inUse', { roles: 1, references: { ...nothing, role: 1 } }],
  ['inUse', { servers: 1 }],
  ['inUse', { unfinishedCopies: 1 }],
  ...(['server', 'group', 'template', 'pointer', 'role', 'farm'] as const).map(
    (kind) => ['inUse', { references: { ...nothing, [kind]: 1 } }] as const,
  ),
  ['status', { status: 'pending_delete' as const }],
  ['status', { status: 'failed' as const }],
  ['unknownUse', { cloud_platform: 'gce' }],
] as readonly [string, Partial<DeletableImage>][])(
  'what is %s is never deleted: %j',
  (code, values) => {
    const found = remove({ unusedForDays: 0 }, [
      image('web-1', values),
      image('web-2', { cloud_platform: values.cloud_platform ?? 'ec2' }),
    ]);
    expect(found['web-1']).toMatchObject({ verdict: 'kept', code });
  },
);

test('one place that was not read keeps everything of its platform', () => {
  const partly = joinCoverage(
    [
      {
        credentials: 'ours',
        account: '1',
        location: 'us-east-1',
        readAt: now,
        error: 'AccessDenied',
        unread: [],
        unresolved: [],
      },
    ],
    now,
  );
  const images = [image('web-1'), image('web-2')];
  const found = remove({ unusedForDays: 0 }, images, new Map([['ec2', partly]]));
  expect(found['web-1']).toMatchObject({ verdict: 'kept', code: 'unknownUse' });
  expect(found['web-1']?.why).toContain('AccessDenied');
});

test('a withdrawn newest and the one that is used instead both stay', () => {
  const found = remove({ unusedForDays: 0 }, [
    image('web-3', { is_deprecated: true }),
    image('web-2'),
    image('web-1'),
  ]);
  expect(found).toMatchObject({
    'web-3': { code: 'newest' },
    'web-2': { code: 'newest' },
    'web-1': { verdict: 'due' },
  });
});

test('only what is deprecated goes where that is asked', () => {
  const images = [image('web-3'), image('web-2'), image('web-1', { is_deprecated: true })];
  const found = remove({ unusedForDays: 0, deprecatedOnly: true }, images);
  expect(found['web-2']).toMatchObject({ verdict: 'kept', code: 'notDeprecated' });
  expect(found['web-1']).toMatchObject({ verdict: 'due' });
});

test.each([
  [{ otherRegistrations: 1 }, 'registered 1 more time'],
  [{ scope: 'account' as const, environment_id: null }, 'Only an environment'],
  [{ credentials_name: 'ours', cloud_rights: [] }, 'do not let Slipway delete images'],
])('what cannot be deleted from its cloud stays, and says why: %j', (values, why) => {
  const images = [image('web-2', values), image('web-1', values)];
  const found = remove({ unusedForDays: 0, fromCloud: true }, images);
  expect(found['web-1']).toMatchObject({ verdict: 'kept', code: 'cannotDelete' });
  expect(found['web-1']?.why).toContain(why);
});

test('a role that holds a deprecated image is due when its days are over', () => {
  const role = {
    kind: 'role' as const,
    id: '1',
    name: 'web',
    scope: 'scalr' as const,
    account_id: null,
    environment_id: null,
    cloud_platform: 'ec2',
    cloud_location: 'us-east-1',
    image_name: 'web-1',
  };
  const roles = [
    { ...role, deprecated_at: daysAgo(31) },
    { ...role, deprecated_at: daysAgo(29) },
  ];
  const found = evaluateRule(
    rule('roles', { deprecatedForDays: 30 }),
    { kind: 'roles', roles },
    now,
  );
  expect(found).toMatchObject([{ verdict: 'due' }, { verdict: 'later', dueAt: daysAgo(-1) }]);
});

test.each([
  ['deprecate', { olderThanDays: null, keepNewest: null }, 'rule.olderThanDays'],
  ['delete', { keepNewest: 0 }, 'rule.keepNewest'],
  ['delete', { keepNewest: null }, 'rule.keepNewest'],
  ['names', { template: '(a+)+' }, 'rule.template'],
  ['roles', { fromCloud: true }, 'rule.fromCloud'],
] as const)('a rule for %s that says %j is refused', (kind, given, field) => {
  expect(planRule(kind, given)).toMatchObject({ code: 'InvalidValue', field });
});

test('what a change of a rule leaves out stays', () => {
  const before = { unusedForDays: 10, keepNewest: 3, deprecatedOnly: true, fromCloud: true };
  expect(planRule('delete', { unusedForDays: 20 }, before)).toEqual({
    kind: 'delete',
    ...before,
    unusedForDays: 20,
  });
});

test('nothing is enforced that was not looked at in the last day, and what roles hold never', () => {
  const policy = { name: 'p', kind: 'delete', mode: 'audit', evaluated_at: now } as const;
  expect(findEnforceRefusal(policy, now)).toBeUndefined();
  for (const other of [
    { evaluated_at: null },
    { evaluated_at: daysAgo(1.1) },
    { kind: 'roles' },
    { mode: 'enforce' },
  ] as const)
    expect(findEnforceRefusal({ ...policy, ...other }, now)?.code).toBe('UnacceptableState');
});

test('only what a run deprecated, and nobody changed since, is undone, once', () => {
  const run = { done: 2, undone_at: null };
  expect(findUndoRefusal('deprecate', run, 1)).toBeUndefined();
  for (const refusal of [
    findUndoRefusal('deprecate', run, 0),
    findUndoRefusal('delete', run, 2),
    findUndoRefusal('deprecate', { ...run, done: null }, 2),
    findUndoRefusal('deprecate', { ...run, undone_at: now }, 2),
  ])
    expect(refusal).toHaveProperty('code', 'UnacceptableState');
});

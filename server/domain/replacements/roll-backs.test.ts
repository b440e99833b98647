import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '#contract/errors.ts';
import {
  planRollBack,
  type ReplacedPair,
  type ReplacedPlace,
  type RollBackFacts,
} from './roll-backs.ts';

const at = { scope: 'account', accountId: 1 } as const;
const inAccount = { scope: 'account', account_id: 1, environment_id: null } as const;
const inEnvironment = { scope: 'environment', account_id: 1, environment_id: 5 } as const;
const corporate = { scope: 'scalr', account_id: null, environment_id: null } as const;
const ubuntu = { os_name: 'Ubuntu 24.04', os_family: 'ubuntu', os_generation: '24.04' };
const debian = { os_name: 'Debian 13', os_family: 'debian', os_generation: '13' };
const then = new Date('2026-01-01T00:00:00.000Z');

type Image = NonNullable<ReplacedPair['oldImage']>;

function image(values: Partial<Image> = {}): Image {
  return {
    id: 'old',
    name: 'app-1',
    ...inAccount,
    status: 'active',
    deprecated_at: null,
    deprecated_by: null,
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

function place(id: number, values: Partial<ReplacedPlace> = {}): ReplacedPlace {
  return {
    id,
    name: `role-${id}`,
    ...inAccount,
    ...ubuntu,
    use_scalr_agent: true,
    pair: 0,
    cloud_platform: 'ec2',
    cloud_location: 'us-east-1',
    restored_by_id: null,
    deleted_at: null,
    old_image_id: 'old',
    new_image_id: 'new',
    current_image_id: 'new',
    current_image_name: 'app-2',
    has_old_image: false,
    ...values,
  };
}

const replacement = {
  id: 'replacement',
  ...inAccount,
  at: then,
  by: 'ann@example.com',
  state: 'applied' as const,
  rolled_back_by_id: null,
};

type Facts = Partial<RollBackFacts & ReplacedPair>;

function pair(values: Partial<ReplacedPair> = {}): ReplacedPair {
  return {
    deprecatedOldImage: false,
    restoredNewImage: false,
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    oldImage: image(),
    newImage: image({ id: 'new', name: 'app-2' }),
    ...values,
  };
}

/** Of one pair, unless others are given. */
function plan(facts: Facts = {}) {
  const pairs = facts.pairs ?? [pair(facts)];
  return planRollBack({
    at,
    replacement,
    pairs,
    oldImages: new Map(
      pairs.flatMap(({ oldImage }) => (oldImage ? [[oldImage.id, oldImage]] : [])),
    ),
    places: [place(1), place(2, inEnvironment)],
    lacking: {},
    ...facts,
  });
}

const flagsOf = ({ flags }: ReturnType<typeof plan>) => ({
  restoresOldImage: flags.some((flag) => flag.restoresOldImage),
  deprecatesNewImage: flags.some((flag) => flag.deprecatesNewImage),
});

test('every role that still holds the new image gets the old one back', () => {
  const { refusal, restore, conflicts, warnings } = plan();
  expect(refusal).toBeUndefined();
  expect(restore.map(({ id }) => id)).toEqual([1, 2]);
  expect([conflicts, warnings]).toEqual([[], []]);
});

describe('a role is a conflict, left alone and reported, when', () => {
  const cases: [what: string, facts: Facts, place: Partial<ReplacedPlace>][] = [
    ['it was given another image since', {}, { current_image_id: 'x', current_image_name: 'x' }],
    ['it holds the old image again', {}, { current_image_id: 'old', has_old_image: true }],
    ['its image was removed since', {}, { current_image_id: null, current_image_name: null }],
    ['it was deleted', {}, { deleted_at: then }],
    ['it was promoted out of the scope of the replacement', {}, corporate],
    [
      'it was promoted out of the scope of the replacement, to where the old image is',
      { oldImage: image(corporate) },
      corporate,
    ],
    ['its OS was changed since', {}, debian],
  ];
  test.each(cases)('%s', (_what, facts, values) => {
    const done = plan({ ...facts, places: [place(1), place(2, values)] });
    expect(done.restore.map(({ id }) => id)).toEqual([1]);
    expect(done.conflicts).toMatchObject([{ place: { id: 2 }, reason: expect.any(String) }]);
    expect(done.warnings).toMatchObject([{ code: 'Conflict' }]);
  });

  test.each([
    ['deleted', undefined],
    ['failed', image({ status: 'failed' })],
    ['being deleted', image({ status: 'pending_delete' })],
  ])('the old image is %s', (_what, oldImage) => {
    const done = plan({ oldImage });
    expect(done.restore).toEqual([]);
    expect(done.conflicts).toHaveLength(2);
    expect(done.refusal?.code).toBe('UnacceptableState');
  });

  test('it was promoted above the old image', () => {
    const oldImage = image(inEnvironment);
    expect(plan({ oldImage }).conflicts).toMatchObject([{ place: { id: 1 } }]);
  });
});

test.each([
  ['Corporate', { scope: 'scalr' }],
  ['the account', at],
  ['an environment', { scope: 'environment', accountId: 1, environmentId: 5 }],
] as const)('what is a conflict is the same when looked at from %s', (_from, from) => {
  const deprecated = { deprecated_at: then, deprecated_by: replacement.by };
  for (const madeAt of [corporate, inAccount, inEnvironment]) {
    const facts = {
      at: from,
      replacement: { ...replacement, ...madeAt },
      deprecatedOldImage: true,
      oldImage: image({ ...madeAt, ...deprecated }),
      places: [place(1, corporate), place(2, inAccount), place(3, inEnvironment)],
    };
    const outcomes = plan(facts).places.map(({ outcome }) => outcome);
    const within = [corporate, inAccount, inEnvironment].indexOf(madeAt);
    expect(outcomes).toEqual([0, 1, 2].map((n) => (n < within ? 'conflict' : 'restore')));
    expect(flagsOf(plan(facts)).restoresOldImage).toBe(true);
  }
});

describe('the deprecation of the old image', () => {
  const made = { deprecatedOldImage: true };
  const ours = { deprecated_at: then, deprecated_by: 'ann@example.com' };
  const cases: [what: string, Facts, restores: boolean][] = [
    ['goes when the replacement made it', { ...made, oldImage: image(ours) }, true],
    ['stays when it is older than the replacement', { oldImage: image(ours) }, false],
    [
      'stays when somebody renewed it',
      { ...made, oldImage: image({ ...ours, deprecated_at: new Date() }) },
      false,
    ],
    ['is gone already', made, false],
    [
      'stays when the image was promoted since',
      { ...made, oldImage: image({ ...ours, ...corporate }) },
      false,
    ],
  ];
  test.each(cases)('%s', (_what, facts, restores) => {
    const done = plan(facts);
    expect(done.refusal).toBeUndefined();
    expect(done.restore).toHaveLength(2);
    expect(flagsOf(done).restoresOldImage).toBe(restores);
    const stays = facts.oldImage?.deprecated_at && !restores;
    expect(done.warnings.map(({ code }) => code)).toEqual(stays ? ['Deprecated'] : []);
  });

  test('comes again when the roll-back that took it is rolled back', () => {
    const back = { restoredNewImage: true };
    expect(flagsOf(plan(back)).deprecatesNewImage).toBe(true);
    const newImage = image({ id: 'new', deprecated_at: then });
    expect(flagsOf(plan({ ...back, newImage })).deprecatesNewImage).toBe(false);
    expect(flagsOf(plan()).deprecatesNewImage).toBe(false);
  });
});

describe('a part of a replacement', () => {
  const places = [place(1), place(1, { cloud_location: 'eu-west-1', pair: 1 }), place(2)];
  const pairs = [
    pair({
      deprecatedOldImage: true,
      oldImage: image({ deprecated_at: then, deprecated_by: replacement.by }),
    }),
    pair({ cloudLocation: 'eu-west-1' }),
  ];
  const restored = ({ restore }: ReturnType<typeof plan>) =>
    restore.map(({ id, cloud_location: location }) => `${id} ${location}`);

  test('is what is named, and leaves the rest and its deprecations for later', () => {
    const ofRole = plan({ pairs, places, part: { roles: [1] } });
    expect(restored(ofRole)).toEqual(['1 us-east-1', '1 eu-west-1']);
    expect(ofRole).toMatchObject({ flags: [], completes: false });
    const ofPlace = plan({
      pairs,
      places,
      part: { places: [{ cloudPlatform: 'ec2', cloudLocation: 'us-east-1' }] },
    });
    expect(restored(ofPlace)).toEqual(['1 us-east-1', '2 us-east-1']);
    expect(ofPlace.flags.map((flag) => flag.pair)).toEqual([0]);
    expect(ofPlace.completes).toBe(false);
  });

  test('completes it once nothing else is left', () => {
    const back = { current_image_id: 'old', has_old_image: true };
    const rest = places.map((one) => (one.id === 1 ? { ...one, ...back } : one));
    expect(plan({ pairs, places: rest, part: { roles: [2] } })).toMatchObject({
      flags: [{ pair: 0, restoresOldImage: true }],
      completes: true,
    });
  });
});

describe('a roll-back is refused', () => {
  const edited = [place(1, { current_image_id: 'x' })];
  const cases: [what: string, Facts, code: ErrorCode][] = [
    [
      'at another scope than it was made at',
      { at: { scope: 'environment', accountId: 1, environmentId: 5 } },
      'ScopeViolation',
    ],
    ['from above', { at: { scope: 'scalr' } }, 'ScopeViolation'],
    ['without the right', { lacking: { replace: 'no' } }, 'PermissionViolation'],
    [
      'without the right, wherever one looks from',
      { at: { scope: 'environment', accountId: 1, environmentId: 5 }, lacking: { replace: 'no' } },
      'PermissionViolation',
    ],
    [
      'the second time',
      { replacement: { ...replacement, rolled_back_by_id: 'other' } },
      'UnacceptableState',
    ],
    [
      'of a plan that was not applied',
      { replacement: { ...replacement, state: 'planned' as const } },
      'UnacceptableState',
    ],
    ['when nothing can be restored', { places: edited }, 'UnacceptableState'],
  ];
  test.each(cases)('%s', (_what, facts, code) => {
    expect(plan(facts).refusal?.code).toBe(code);
  });
});

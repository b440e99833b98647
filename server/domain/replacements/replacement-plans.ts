import type { Verdict } from '#contract/actions.ts';
import type { Warning } from '#contract/envelope.ts';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import type { Refusal } from '../refusal.ts';
import { findPairingRefusal, type Hole, type ImagePair } from './replacement-pairs.ts';
import {
  type PlannedRole,
  planReplacement,
  type ReplacementOptions,
  type RoleUse,
} from './replacements.ts';
import { placeOf, type ReplacedImage } from './replacement-images.ts';

/** A pair with what holds its images. */
export interface PairFacts<Image, Role> extends ImagePair<Image> {
  /** Every role at and below the scope of the request that holds a registration of the old cloud image. */
  roles: readonly Role[];
  /** How many roles above it, inherited from there, hold the old image. */
  inheritedRoles: number;
}

export interface PlanFacts<Image, Role> {
  /** The scope of the request. */
  at: ScopeRef;
  reach: readonly Scope[];
  pairs: readonly PairFacts<Image, Role>[];
  holes: readonly Hole<Image>[];
  options: ReplacementOptions;
  lacking: { replace?: string | undefined; deprecate?: string | undefined };
}

/** What happens to one pair. */
export interface PairPlan<Image, Role extends RoleUse> extends ImagePair<Image> {
  /** Why none of its roles change. */
  refusal?: Refusal | undefined;
  roles: PlannedRole<Role>[];
  change: Role[];
  skip: PlannedRole<Role>[];
  otherRegistrations: Role[];
  outsideReach: number;
  inheritedRoles: number;
  deprecateOldImage: Verdict;
  deprecates: boolean;
}

/** Exactly what a replacement of many pairs does. */
export interface ManyPlan<Image, Role extends RoleUse> {
  /** Set when nothing at all may happen. */
  refusal?: Refusal | undefined;
  pairs: PairPlan<Image, Role>[];
  holes: readonly Hole<Image>[];
  /** Role images that change. */
  changes: number;
  returnsToEarlierImage: boolean;
  warnings: Warning[];
}

/**
 * Decides what a replacement of many pairs changes: each pair by the rules of one (`planReplacement`), and all
 * of them or none. With `onIncompatible: 'skip'` a pair that is refused is left out, unless all are
 * (docs/domain.md, "Replacement").
 */
export function planPairs<Image extends ReplacedImage, Role extends RoleUse>(
  facts: PlanFacts<Image, Role>,
): ManyPlan<Image, Role> {
  const { lacking, options } = facts;
  const isOne = facts.pairs.length === 1;
  const planned = facts.pairs.map((pair) => {
    const plan = planReplacement<Role>({
      ...facts,
      ...pair,
      isOneOfMany: !isOne,
      lacking: { deprecate: lacking.deprecate },
    });
    return { pair, plan };
  });
  const refusals = planned.flatMap(({ plan }) => plan.refusal ?? []);
  const skips = options.onIncompatible === 'skip' && refusals.length < planned.length;
  const pairs = planned.map(({ pair, plan }) =>
    skips && plan.refusal ? leaveOut(pair, plan) : { ...pair, ...plan },
  );
  const changes = pairs.reduce((sum, { change }) => sum + change.length, 0);
  const refusal =
    findMissingRight(lacking) ??
    findPairingRefusal(facts.pairs) ??
    (skips ? undefined : joinRefusals(refusals)) ??
    nothingPaired(facts);
  return {
    refusal,
    pairs,
    holes: facts.holes,
    changes,
    returnsToEarlierImage:
      changes > 0 && pairs.every(({ change }) => change.every((role) => role.held_new_image)),
    warnings: refusal
      ? []
      : isOne && facts.holes.length === 0
        ? planned.flatMap(({ plan }) => plan.warnings)
        : findWarnings(facts, planned, changes),
  };
}

type Planned<Image extends ReplacedImage, Role extends RoleUse> = {
  pair: PairFacts<Image, Role>;
  plan: ReturnType<typeof planReplacement<Role>>;
};

/** A refused pair that is left out: each of its roles keeps what it has. */
function leaveOut<Image extends ReplacedImage, Role extends RoleUse>(
  pair: PairFacts<Image, Role>,
  plan: Planned<Image, Role>['plan'],
): PairPlan<Image, Role> {
  const skip = plan.roles.map((planned): PlannedRole<Role> => ({
    role: planned.role,
    outcome: 'skip',
    refusal: planned.refusal ?? plan.refusal,
  }));
  return { ...pair, ...plan, roles: skip, skip, change: [], deprecates: false };
}

function findMissingRight({ replace }: PlanFacts<unknown, unknown>['lacking']) {
  return replace === undefined
    ? undefined
    : ({ code: 'PermissionViolation', reason: replace } as const);
}

/** The first refusal, with what stands in the way of all of them. */
function joinRefusals(refusals: readonly Refusal[]): Refusal | undefined {
  const [first, ...others] = refusals;
  if (!first || others.length === 0) return first;
  const blockers = refusals.flatMap((refusal) => refusal.blockers ?? []);
  return { ...first, ...(blockers.length > 0 && { blockers }) };
}

function nothingPaired({ pairs, holes }: PlanFacts<ReplacedImage, RoleUse>): Refusal | undefined {
  if (pairs.length > 0) return undefined;
  const where = [...new Set(holes.map(({ image }) => placeOf(image)))].slice(0, 3).join(', ');
  return {
    code: 'ConfigurationMismatch',
    field: 'pairs',
    reason: `Nothing is paired: the new image or set has nothing for the platform, location and architecture of what is to be replaced${where ? ` (${where})` : ''}. Choose another, or pair them by hand.`,
  };
}

function findWarnings<Image extends ReplacedImage, Role extends RoleUse>(
  { holes }: PlanFacts<Image, Role>,
  planned: readonly Planned<Image, Role>[],
  changes: number,
): Warning[] {
  const leftOut = planned.flatMap(({ pair, plan }): Warning[] =>
    plan.refusal
      ? [
          {
            code: plan.refusal.code,
            message: `Image "${pair.oldImage.name}" in ${placeOf(pair.oldImage)} is left as it is: ${plan.refusal.reason}`,
          },
        ]
      : plan.warnings.filter(({ code }) => code !== 'NothingToReplace'),
  );
  return [
    ...leftOut,
    ...holes.map(({ image, byHand }) => ({
      code: 'Hole',
      message: byHand
        ? `Image "${image.name}" in ${placeOf(image)} (${image.architecture}) is left out: roles keep it.`
        : `Nothing stands in for image "${image.name}" in ${placeOf(image)} (${image.architecture}): roles keep it.`,
    })),
    ...(changes === 0 ? [{ code: 'NothingToReplace', message: 'No role in reach changes.' }] : []),
  ];
}

import type { ReplaceImage } from '#contract/replacements/replacements.ts';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import { inOneTrip } from '../../database/connection/sent-ahead.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import {
  countHolders,
  fetchRoleUses,
  type PairIds,
  type RoleUseRow,
} from '../../database/queries/replacements/replacement-reach.ts';
import type { Pairing } from '../../domain/replacements/replacement-pairs.ts';
import {
  type ManyPlan,
  type PairPlan,
  planPairs,
} from '../../domain/replacements/replacement-plans.ts';
import { planReach } from '../../domain/replacements/replacement-reach.ts';
import { lacking } from '../../domain/rights.ts';
import type { Context } from '../context.ts';
import { refusalError } from '../refuse.ts';

export type ReplaceOptions = Omit<ReplaceImage, 'newImage'>;

/** A plan with what is counted beside it. */
export interface MadePlan extends ManyPlan<ImageRow, RoleUseRow> {
  reach: Scope[];
  pairs: MadePair[];
  holes: MadeHole[];
}

export interface MadePair extends PairPlan<ImageRow, RoleUseRow> {
  /** Roles in reach that have the new image there already. */
  alreadyNew: number;
}

type MadeHole = Pairing<ImageRow>['holes'][number] & {
  /** Roles in reach that keep the image. */
  roles: number;
};

export type PlanFactsFound = Awaited<ReturnType<typeof gatherFacts>>;

/** What holds the images of pairs and holes, from wherever the plan is made. */
export async function gatherFacts(
  ctx: Context,
  at: ScopeRef,
  pairs: readonly PairIds[],
  holes: readonly { image: { id: string } }[] = [],
) {
  const [uses, counts] = await inOneTrip(
    fetchRoleUses(ctx.tx, at, pairs),
    countHolders(ctx.tx, at, [
      ...pairs.map(({ oldImage }) => ({ imageId: oldImage.id, of: 'above' as const })),
      ...pairs.map(({ newImage }) => ({ imageId: newImage.id, of: 'below' as const })),
      ...holes.map(({ image }) => ({ imageId: image.id, of: 'below' as const })),
    ]),
  );
  return {
    uses: Map.groupBy(uses, (use) => use.pair),
    inherited: counts.slice(0, pairs.length),
    alreadyNew: counts.slice(pairs.length, 2 * pairs.length),
    kept: counts.slice(2 * pairs.length),
  };
}

/**
 * Decides what a replacement at a scope does, by the rules of docs/domain.md, "Replacement".
 * @throws ApiError InvalidValue for a reach that cannot be
 */
export function makePlan(
  ctx: Context,
  at: ScopeRef,
  { pairs, holes }: Pairing<ImageRow>,
  facts: PlanFactsFound,
  options: ReplaceOptions,
): MadePlan {
  const reach = getReach(at, options.scope);
  const plan = planPairs<ImageRow, RoleUseRow>({
    at,
    reach,
    pairs: pairs.map((pair, index) => ({
      ...pair,
      roles: facts.uses.get(index) ?? [],
      inheritedRoles: sum(facts.inherited[index]),
    })),
    holes,
    options,
    lacking: findLackingRights(ctx, at),
  });
  const inReach = (counts: Counts | undefined) =>
    sum(counts && Object.fromEntries(reach.map((scope) => [scope, counts[scope]])));
  return {
    ...plan,
    reach,
    pairs: plan.pairs.map((pair, index) => ({
      ...pair,
      alreadyNew: inReach(facts.alreadyNew[index]),
    })),
    holes: holes.map((hole, index) => ({ ...hole, roles: inReach(facts.kept[index]) })),
  };
}

type Counts = Partial<Record<Scope, number | undefined>>;

function sum(counts: Counts = {}): number {
  return Object.values(counts).reduce<number>((all, count) => all + (count ?? 0), 0);
}

function getReach(at: ScopeRef, named: readonly Scope[] | undefined): Scope[] {
  const result = planReach(at.scope, named);
  if ('reach' in result) return result.reach;
  throw refusalError(result);
}

/** The sentences for the rights that the caller lacks at a scope. */
export function findLackingRights(
  ctx: Context,
  at: ScopeRef = ctx.scope,
): { replace?: string; deprecate?: string } {
  return {
    ...(!ctx.can('replace', at) && { replace: lacking('replace', at, 'replace an image') }),
    ...(!ctx.can('images.manage', at) && {
      deprecate: lacking('images.manage', at, 'deprecate or restore an image'),
    }),
  };
}

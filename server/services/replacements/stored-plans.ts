import { ApiError } from '#contract/errors.ts';
import type { PlanItem } from '#contract/plans.ts';
import type {
  PlanReplacement,
  ReplacementPlan,
  StoredPlan,
} from '#contract/replacements/replacement-plans.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { fetchStoredPlan } from '../../database/queries/replacements/replacement-writes.ts';
import type { ReplacementRow } from '../../database/queries/replacements/replacements.ts';
import { fetchUsersWhoMay } from '../../database/queries/people/able-users.ts';
import { findDifference } from '../../domain/plan-differences.ts';
import { replacementItems } from '../../domain/plan-items.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { toVerdict } from '../../domain/refusal.ts';
import { lacking } from '../../domain/rights.ts';
import { scopeOf } from '../../domain/scopes.ts';
import { findOtherScope, judge } from '../access.ts';
import type { Context } from '../context.ts';
import { shortDifference } from '../plan-digest.ts';
import { gatherFacts, type MadePlan, makePlan } from './make-plan.ts';
import { toReplacementPlan } from './plan-present.ts';
import { stateOf } from './replacement-present.ts';
import { pairWish } from './replacement-wish.ts';

/**
 * Decides what a wish does at a scope.
 * @throws ApiError ObjectNotFound, InvalidStructure and InvalidValue for a wish that cannot be planned
 */
export async function planWish(
  ctx: Context,
  at: ScopeRef,
  wish: PlanReplacement,
): Promise<MadePlan> {
  const pairing = await pairWish(ctx, at, wish);
  const facts = await gatherFacts(ctx, at, pairing.pairs, pairing.holes);
  return makePlan(ctx, at, pairing, facts, wish);
}

/** A stored plan as it would be made now, beside what it was. */
export interface PlanNow {
  wish: PlanReplacement;
  /** What it would have done when it was planned. */
  items: PlanItem[];
  plan: MadePlan;
}

/** Makes a stored plan anew, at its own scope. What it rests on may be gone: then the plan says so. */
export async function planAnew(ctx: Context, row: ReplacementRow): Promise<PlanNow> {
  const { wish, items } = await fetchStoredPlan(ctx.tx, row.id);
  const plan = await planWish(ctx, scopeOf(row), wish).catch((error: unknown) => {
    if (error instanceof ApiError && error.code !== 'InternalServerError')
      return nothingLeft(row, { code: error.code, reason: error.message });
    throw error;
  });
  return { wish, items, plan };
}

function nothingLeft(row: ReplacementRow, refusal: Refusal): MadePlan {
  return {
    refusal,
    reach: row.reach,
    pairs: [],
    holes: [],
    changes: 0,
    returnsToEarlierImage: false,
    warnings: [],
  };
}

/** What stands against applying a plan now, beside what the plan itself says. */
export function findApplyRefusal(ctx: Context, row: ReplacementRow): Refusal | undefined {
  const otherScope = findOtherScope(ctx, row, 'This plan');
  if (otherScope) return otherScope;
  const state = stateOf(ctx, row);
  if (state === 'planned') return undefined;
  const reasons = {
    applied: `This plan was applied already, by ${row.by}. Plan anew to replace more.`,
    rolledBack: `This plan was applied already, by ${row.by}, and rolled back since. Plan anew.`,
    cancelled: 'This plan was cancelled. Plan anew.',
    expired:
      'This plan is older than a day, so it expired. Plan it anew (PATCH), look at it, and apply it then.',
  };
  return { code: 'UnacceptableState', reason: reasons[state] };
}

const listedUsers = 20;

/** The wire form of a stored plan. */
export async function toStoredPlan(
  ctx: Context,
  row: ReplacementRow,
  { items, plan }: Omit<PlanNow, 'wish'>,
): Promise<StoredPlan> {
  const shown: ReplacementPlan = await toReplacementPlan(ctx, plan);
  const difference = findDifference(items, replacementItems(plan, { isWhole: true }));
  const whoCan = await fetchUsersWhoMay(
    ctx.tx,
    shown.deprecates > 0 ? ['replace', 'images.manage'] : ['replace'],
    scopeOf(row),
    listedUsers,
  );
  const { allowed: _allowed, code: _code, reason: _reason, ...rest } = shown;
  return {
    ...rest,
    ...judge(ctx, 'replacementApply', 'replace images', findApplyRefusal(ctx, row) ?? plan.refusal),
    change: toVerdict(findPlanChangeRefusal(ctx, row)),
    changedSince: difference ? shortDifference(difference) : null,
    whoCan,
  };
}

/** What stands against changing a plan or giving it up: its author may, and who may replace; an expired one too. */
export function findPlanChangeRefusal(ctx: Context, row: ReplacementRow): Refusal | undefined {
  const scope = scopeOf(row);
  const otherScope = findOtherScope(ctx, row, 'This plan');
  if (otherScope) return otherScope;
  if (row.planned_by !== ctx.actor && !ctx.can('replace', scope)) {
    const reason = lacking('replace', scope, "change somebody else's plan");
    return { code: 'PermissionViolation', reason };
  }
  return stateOf(ctx, row) === 'expired' ? undefined : findApplyRefusal(ctx, row);
}

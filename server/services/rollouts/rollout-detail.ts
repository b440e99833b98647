import { ApiError } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { RolloutDetail } from '#contract/rollouts/rollouts.ts';
import { findVisibleRollout, type RolloutRow } from '../../database/queries/rollouts/rollouts.ts';
import { findDifference } from '../../domain/plan-differences.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { findStateRefusal, type RolloutVerb } from '../../domain/rollout-acts.ts';
import { rolloutItems } from '../../domain/rollout-plans.ts';
import { isWithin, scopeOf } from '../../domain/scopes.ts';
import { findOtherScope, judge } from '../access.ts';
import type { Context } from '../context.ts';
import { shortDifference } from '../plan-digest.ts';
import { type MadeRollout, makeRolloutPlan, nothingToMove, findTarget } from './make-plan.ts';
import { toRolloutPlan } from './plan-present.ts';
import { describeProgress } from './rollout-progress.ts';
import { stateOf, toRollout } from './rollout-present.ts';

/** @throws ApiError ObjectNotFound for a rollout that is not visible here */
export async function getVisibleRollout(ctx: Context, id: string): Promise<RolloutRow> {
  const row = await findVisibleRollout(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No rollout has the id ${id} here. It may have been made in another account or environment.`,
  );
}

/** A planned rollout as it would be made now, at its own scope. What it is about may be gone: then it says so. */
export async function planAnew(ctx: Context, row: RolloutRow): Promise<MadeRollout> {
  try {
    if (row.scope === ctx.scope.scope) await findTarget(ctx, row.wish);
    return await makeRolloutPlan(ctx, scopeOf(row), row.wish);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'InternalServerError') throw error;
    return nothingToMove(row.wish, { code: error.code, reason: error.message });
  }
}

/** What stands against an act here and now, beside rights and the plan. */
export function findActRefusal(
  ctx: Context,
  row: RolloutRow,
  verb: RolloutVerb,
): Refusal | undefined {
  return (
    // Its images may have come from above, where it is undone then.
    (verb === 'undo' && isWithin(row, ctx.scope)
      ? undefined
      : findOtherScope(ctx, row, 'This rollout')) ??
    findStateRefusal({ ...row, state: stateOf(ctx, row), moved: movedOf(row) }, verb)
  );
}

/** Servers that a rollout has launched, or is about to finish, and groups that start others now. */
function movedOf({ counts, begun_groups }: RolloutRow): number {
  return counts.moved + counts.moving + counts.baking + begun_groups;
}

const operationOf = {
  start: 'rolloutStart',
  pause: 'rolloutPause',
  resume: 'rolloutResume',
  cancel: 'rolloutCancel',
  undo: 'rolloutUndo',
} as const satisfies Record<RolloutVerb, OperationId>;

/**
 * A rollout with how far it is and what may be done with it.
 * @param made its plan, where it was made in this transaction already
 */
export async function toDetail(
  ctx: Context,
  row: RolloutRow,
  made?: MadeRollout,
): Promise<RolloutDetail> {
  const plan = row.state === 'planned' ? (made ?? (await planAnew(ctx, row))) : undefined;
  const verdict = (verb: RolloutVerb, also?: Refusal) =>
    judge(ctx, operationOf[verb], `${verb} rollouts`, findActRefusal(ctx, row, verb) ?? also);
  const start = verdict('start', plan?.refusal);
  const difference = plan && findDifference(row.items, rolloutItems(plan));
  return {
    ...toRollout(ctx, row),
    ...(await describeProgress(ctx, row)),
    plan: plan
      ? {
          ...start,
          ...toRolloutPlan(plan),
          changedSince: difference ? shortDifference(difference) : null,
        }
      : null,
    actions: {
      start,
      pause: verdict('pause'),
      resume: verdict('resume'),
      cancel: verdict('cancel'),
      undo: verdict('undo'),
    },
  };
}

import type { Data, ServiceInput } from '#contract/operations.ts';
import type { PlanReplacement } from '#contract/replacements/replacement-plans.ts';
import {
  cancelPlan,
  insertPlan,
  type NewPlan,
  updatePlan,
} from '../../database/queries/replacements/replacement-writes.ts';
import type { ReplacementRow } from '../../database/queries/replacements/replacements.ts';
import { replacementItems } from '../../domain/plan-items.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { carryOutReplacement, readReplacement, toNewReplacement } from './carry-out.ts';
import { getVisibleReplacement } from './find-replacement.ts';
import type { MadePlan } from './make-plan.ts';
import { toRecordedReplacement, toReplacement } from './replacement-present.ts';
import { toDetail } from './replacements.ts';
import {
  findApplyRefusal,
  findPlanChangeRefusal,
  planAnew,
  type PlanNow,
  planWish,
} from './stored-plans.ts';

/** Replacements that are planned first: docs/domain.md, "Plans". */
export const replacementPlanHandlers = {
  replacementPlan: async (ctx, { body }) => {
    const plan = await planWish(ctx, ctx.scope, body);
    const made = toNewPlan(ctx, body, plan);
    const id = await insertPlan(ctx.tx, made);
    return { data: await recordPlan(ctx, id, { ...made, plan }), status: 201 };
  },

  replacementReplan: async (ctx, { params, body }) => {
    const row = await getChangeablePlan(ctx, params.replacementId);
    const { wish } = await planAnew(ctx, row);
    const changed = changeWish(wish, body);
    const plan = await planWish(ctx, ctx.scope, changed);
    const made = toNewPlan(ctx, changed, plan);
    await updatePlan(ctx.tx, row.id, made);
    return { data: await recordPlan(ctx, row.id, { ...made, plan }, row) };
  },

  replacementApply: async (ctx, { params }) => {
    const row = await getVisibleReplacement(ctx, params.replacementId);
    ctx.expectVersion(row.version);
    refuseIf(findApplyRefusal(ctx, row));
    const { plan, items } = await planAnew(ctx, row);
    await ctx.expectPlan(() => replacementItems(plan, { isWhole: true }), items);
    refuseIf(plan.refusal);
    for (const warning of plan.warnings) ctx.warn(warning);
    const reason = row.reason ?? undefined;
    const { made, flags } = toNewReplacement(ctx, plan, reason);
    const done = await carryOutReplacement(ctx, made, flags, row.id);
    const before = toRecordedReplacement(ctx, row);
    const { replacement: after, others } = done;
    ctx.record({ kind: 'replacement', before, after, others, reason });
    return { data: toReplacement(ctx, done.row, undefined) };
  },

  replacementCancel: async (ctx, { params }) => {
    const row = await getChangeablePlan(ctx, params.replacementId);
    await cancelPlan(ctx.tx, row.id, { at: ctx.now, by: ctx.actor });
    const cancelled = await readReplacement(ctx, row.id);
    ctx.record({
      kind: 'replacement',
      before: toRecordedReplacement(ctx, row),
      after: toRecordedReplacement(ctx, cancelled),
    });
    return { data: toReplacement(ctx, cancelled, undefined) };
  },
} satisfies SomeHandlers;

/**
 * A plan that the caller may change or give up, an expired one too.
 * @throws ApiError ObjectNotFound, ScopeViolation, PermissionViolation; UnacceptableState once it is no plan
 */
async function getChangeablePlan(ctx: Context, id: string): Promise<ReplacementRow> {
  const row = await getVisibleReplacement(ctx, id);
  refuseIf(findPlanChangeRefusal(ctx, row));
  ctx.expectVersion(row.version);
  return row;
}

/** What was wished before, with what is wished otherwise. */
function changeWish(
  wish: PlanReplacement,
  body: ServiceInput<'replacementReplan'>['body'],
): PlanReplacement {
  const { newImage, newImageSet, ...rest } = wish;
  const isNewSide = body.newImage !== undefined || body.newImageSet !== undefined;
  return { ...rest, ...(isNewSide ? {} : { newImage, newImageSet }), ...body };
}

/** How long a plan can be applied. */
const livesMs = 24 * 60 * 60 * 1000;

/** @throws ApiError when nothing is paired, or pairs contradict each other: such a plan is none */
function toNewPlan(
  ctx: Context,
  wish: PlanReplacement,
  plan: MadePlan,
): NewPlan & Omit<PlanNow, 'plan'> {
  const { pairs } = plan;
  const self = pairs.find(({ oldImage, newImage }) => oldImage.id === newImage.id);
  if (self?.refusal) throw refusalError(self.refusal);
  if (plan.refusal && (pairs.length === 0 || plan.refusal.field === 'pairs'))
    throw refusalError(plan.refusal);
  return {
    scope: ctx.scope,
    pairs: pairs.map(({ oldImage, newImage }) => ({
      oldImageId: oldImage.id,
      newImageId: newImage.id,
      deprecatedOldImage: false,
    })),
    reach: plan.reach,
    at: ctx.now,
    by: ctx.actor,
    reason: wish.reason,
    expiresAt: new Date(ctx.now.getTime() + livesMs),
    revision: ctx.revision,
    wish,
    items: replacementItems(plan, { isWhole: true }),
  };
}

/** Records that a plan was made or changed. @returns it in detail */
async function recordPlan(
  ctx: Context,
  id: string,
  made: PlanNow,
  before?: ReplacementRow,
): Promise<Data<'replacementPlan'>> {
  const row = await readReplacement(ctx, id);
  ctx.record({
    kind: 'replacement',
    before: before && toRecordedReplacement(ctx, before),
    after: toRecordedReplacement(ctx, row),
    reason: row.reason ?? undefined,
  });
  return toDetail(ctx, row, made);
}

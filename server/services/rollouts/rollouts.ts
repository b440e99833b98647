import type { PlanRollout } from '#contract/rollouts/rollout-members.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  fetchRolloutServers,
  rolloutServerListPlan,
} from '../../database/queries/rollouts/rollout-servers.ts';
import {
  insertRollout,
  setRolloutState,
  startRolloutRow,
  toGroupsToStart,
} from '../../database/queries/rollouts/rollout-writes.ts';
import {
  fetchRollouts,
  rolloutListPlan,
  type RolloutRow,
} from '../../database/queries/rollouts/rollouts.ts';
import type { RolloutVerb } from '../../domain/rollout-acts.ts';
import { rolloutItems } from '../../domain/rollout-plans.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { refuseIf } from '../refuse.ts';
import { findTarget, makeRolloutPlan, toSettings } from './make-plan.ts';
import { findActRefusal, getVisibleRollout, planAnew, toDetail } from './rollout-detail.ts';
import { toRecordedRollout, toRollout, toRolloutServer } from './rollout-present.ts';
import { undoRollout } from './undo-rollout.ts';

/** How long a plan can be started. */
const livesMs = 24 * 60 * 60 * 1000;

/** Servers that are moved to the image that their roles have now: docs/domain.md, "Rollouts". */
export const rolloutHandlers = {
  rolloutList: async (ctx, { query }) => {
    const plan = rolloutListPlan(ctx.scope, query, ctx.now);
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['rolloutList', ctx.scope]);
    const rows = await fetchRollouts(ctx.tx, ctx.scope, ids);
    return { data: rows.map((row) => toRollout(ctx, row)), page };
  },

  rolloutGet: async (ctx, { params }) => ({
    data: await toDetail(ctx, await getVisibleRollout(ctx, params.rolloutId)),
  }),

  rolloutServerList: async (ctx, { params, query }) => {
    const { id } = await getVisibleRollout(ctx, params.rolloutId);
    const plan = rolloutServerListPlan(ctx.scope, id, query);
    const of = ['rolloutServerList', ctx.scope, id];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, of);
    const rows = await fetchRolloutServers(ctx.tx, id, ids);
    return { data: rows.map(toRolloutServer), page };
  },

  rolloutPlan: async (ctx, { body }) => {
    const target = await findTarget(ctx, body);
    const made = await makeRolloutPlan(ctx, ctx.scope, body);
    const id = await insertRollout(ctx.tx, {
      scope: ctx.scope,
      wish: body,
      items: rolloutItems(made),
      target,
      settings: toSettings(body),
      at: ctx.now,
      by: ctx.actor,
      expiresAt: new Date(ctx.now.getTime() + livesMs),
    });
    const row = await getVisibleRollout(ctx, id);
    const after = toRecordedRollout(ctx, row);
    ctx.record({ kind: 'rollout', after, ...reasonOf(body) });
    return { data: await toDetail(ctx, row, made), status: 201 };
  },

  rolloutStart: async (ctx, { params }) => {
    const row = await getActable(ctx, params.rolloutId, 'start');
    const made = await planAnew(ctx, row);
    await ctx.expectPlan(() => rolloutItems(made), row.items);
    refuseIf(made.refusal);
    await startRolloutRow(ctx.tx, row.id, {
      moves: made.moves,
      groups: toGroupsToStart(made.groups),
      at: ctx.now,
      by: ctx.actor,
    });
    return finish(ctx, row);
  },

  rolloutPause: async (ctx, { params }) => changeState(ctx, params.rolloutId, 'pause'),
  rolloutResume: async (ctx, { params }) => changeState(ctx, params.rolloutId, 'resume'),
  rolloutCancel: async (ctx, { params }) => changeState(ctx, params.rolloutId, 'cancel'),

  rolloutUndo: async (ctx, { params }) => {
    const row = await getActable(ctx, params.rolloutId, 'undo');
    return { data: await toDetail(ctx, await undoRollout(ctx, row)) };
  },
} satisfies SomeHandlers;

/** @throws ApiError ObjectNotFound, ScopeViolation, UnacceptableState, PreconditionFailed */
async function getActable(ctx: Context, id: string, verb: RolloutVerb): Promise<RolloutRow> {
  const row = await getVisibleRollout(ctx, id);
  refuseIf(findActRefusal(ctx, row, verb));
  ctx.expectVersion(row.version);
  return row;
}

const stateAfter = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const;

async function changeState(ctx: Context, id: string, verb: keyof typeof stateAfter) {
  const row = await getActable(ctx, id, verb);
  const reason = `The rollout was cancelled by ${ctx.actor}.`;
  await setRolloutState(ctx.tx, row.id, stateAfter[verb], { at: ctx.now, reason });
  return finish(ctx, row);
}

/** Records an act on a rollout. @returns it as it is now */
async function finish(ctx: Context, before: RolloutRow) {
  const row = await getVisibleRollout(ctx, before.id);
  ctx.record({
    kind: 'rollout',
    before: toRecordedRollout(ctx, before),
    after: toRecordedRollout(ctx, row),
  });
  return { data: await toDetail(ctx, row) };
}

function reasonOf({ reason }: PlanRollout): { reason?: string } {
  return reason === undefined ? {} : { reason };
}

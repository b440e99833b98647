import { returnJob, settleJob } from '../../database/queries/records/outbox.ts';
import {
  findGroupTask,
  type GroupOf,
  type GroupTask,
  leaveServers,
  noteExchanged,
  stopForGroup,
  updateGroup,
} from '../../database/queries/rollouts/rollout-group-steps.ts';
import { lockRollout } from '../../database/queries/rollouts/rollout-steps.ts';
import type { RolloutRow } from '../../database/queries/rollouts/rollouts.ts';
import { planMemberBatch, toRefreshSettings } from '../../domain/inventory/group-moves.ts';
import type { FleetContext } from '../context.ts';

// What is written down of groups that are moved in their cloud: docs/domain.md, "Moving observed groups".

/** What has become of a group since it was looked at last. `left` are the members that are still to be exchanged. */
export type GroupOutcome =
  | ({ to: 'goOn'; againMs: number } & GroupProgress)
  /** All that could be exchanged was. */
  | { to: 'moved'; left: readonly string[] }
  /** Nothing is under way any more, as the rollout does not run. */
  | { to: 'rest'; left: readonly string[] }
  | { to: 'failed'; words: string; left?: readonly string[] };

interface GroupProgress {
  words: string;
  percentage?: number;
  left?: readonly string[];
  /** The refresh that is under way now. */
  refreshId?: string;
  /** The one that Slipway ends itself. */
  cancelledId?: string;
  /** Of the rollout that this one takes back, nothing is under way any more. */
  isUndone?: boolean;
  byMembers?: boolean;
}

const ofTask = ({ rollout_id, farm_role_id }: GroupTask): GroupOf => ({
  rolloutId: rollout_id,
  farmRoleId: farm_role_id,
});

/** Writes down what has become of a group, and has the job come again or settles it. */
export async function noteOutcome(
  ctx: FleetContext,
  jobId: string,
  task: GroupTask,
  outcome: GroupOutcome,
): Promise<void> {
  const of = ofTask(task);
  const rollout = await lockRollout(ctx.tx, of.rolloutId);
  const isThere = rollout && (await findGroupTask(ctx.tx, of));
  if (!isThere) {
    await settleJob(ctx.tx, jobId, ctx.now, 'It is no longer wanted.');
    return;
  }
  if (outcome.left) await noteExchanged(ctx.tx, of, outcome.left, ctx.now);
  if (outcome.to === 'goOn') {
    await updateGroup(ctx.tx, of, toColumns(outcome));
    await returnJob(ctx.tx, jobId, outcome.againMs);
    return;
  }
  if (outcome.to === 'rest' && rollout.state === 'running') {
    // Resumed meanwhile.
    await updateGroup(ctx.tx, of, { refresh_id: null });
    await returnJob(ctx.tx, jobId);
    return;
  }
  await settleJob(ctx.tx, jobId, ctx.now);
  if (outcome.to === 'moved') await finish(ctx, of);
  else if (rollout.state === 'cancelled') await leave(ctx, of, outcome);
  else if (outcome.to === 'failed') await fail(ctx, of, outcome.words);
  else await rest(ctx, of, rollout.state);
}

function toColumns(progress: GroupProgress) {
  const { words, percentage, refreshId, cancelledId, isUndone, byMembers } = progress;
  return {
    words,
    ...(percentage !== undefined && { percentage }),
    ...(refreshId !== undefined && { refresh_id: refreshId }),
    ...(cancelledId !== undefined && { cancelled_refresh_id: cancelledId }),
    ...(isUndone === true && { undone_refresh_id: null }),
    ...(byMembers === true && { by_members: true }),
  };
}

async function finish({ tx, now }: FleetContext, of: GroupOf): Promise<void> {
  await updateGroup(tx, of, { state: 'moved', ended_at: now, percentage: 100, words: null });
  const reason = 'Its group has kept it, as one that is protected or in standby.';
  await leaveServers(tx, of, { state: 'skipped', reason, at: now });
}

async function leave(
  { tx, now }: FleetContext,
  of: GroupOf,
  outcome: Extract<GroupOutcome, { to: 'rest' | 'failed' }>,
): Promise<void> {
  const words = outcome.to === 'failed' ? outcome.words : 'The rollout was cancelled.';
  await updateGroup(tx, of, { state: 'ended', ended_at: now, words });
  await leaveServers(tx, of, { state: 'skipped', reason: words, at: now });
}

async function fail({ tx }: FleetContext, of: GroupOf, words: string): Promise<void> {
  await leaveServers(tx, of, { state: 'waiting' });
  await stopForGroup(tx, of, { words });
}

async function rest({ tx }: FleetContext, of: GroupOf, state: RolloutRow['state']): Promise<void> {
  await leaveServers(tx, of, { state: 'waiting' });
  const words = `Nothing more is exchanged while the rollout is ${state}.`;
  await updateGroup(tx, of, { state: 'waiting', refresh_id: null, words });
}

/** What a group asks of its cloud of the settings of its rollout. */
export function refreshSettingsOf({ max_unavailable, bake_seconds, desired }: GroupTask) {
  return toRefreshSettings({ maxUnavailable: max_unavailable, bakeSeconds: bake_seconds }, desired);
}

/** Which members are ended now, where Slipway exchanges them. */
export function nextMembersOf(
  { max_unavailable, batch_size, desired, to_image }: GroupTask,
  members: Parameters<typeof planMemberBatch>[0],
): string[] {
  const settings = { maxUnavailable: max_unavailable, batchSize: batch_size };
  return planMemberBatch(members, settings, { desired, cloudImageId: to_image.cloudImageId });
}

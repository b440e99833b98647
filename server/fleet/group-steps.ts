import { CloudError } from '../cloud/call.ts';
import type { CloudGroupAim, CloudGroups, CloudRefresh } from '../cloud/groups.ts';
import type { GroupTask } from '../database/queries/rollouts/rollout-group-steps.ts';
import {
  type GroupOutcome,
  nextMembersOf,
  refreshSettingsOf,
} from '../services/rollouts/move-groups.ts';

interface Stepping {
  groups: CloudGroups;
  task: GroupTask;
  options: { signal: AbortSignal };
  againMs: number;
}

/**
 * The next thing that is asked of a cloud about a group, and what has become of it.
 * @throws CloudError for good; or where it was asked too often
 */
export async function stepGroup(
  groups: CloudGroups,
  task: GroupTask,
  { signal, againMs }: { signal: AbortSignal; againMs: number },
): Promise<GroupOutcome> {
  const stepping = { groups, task, options: { signal }, againMs };
  try {
    if (task.rollout_state !== 'running') return await bringToRest(stepping);
    return (await takeBack(stepping)) ?? (await goOn(stepping));
  } catch (error) {
    if (!(error instanceof CloudError) || !error.willPass || error.isThrottled) throw error;
    return { to: 'goOn', againMs, words: error.message };
  }
}

function refOf({ cloud_platform, cloud_location, group_id }: GroupTask) {
  return { cloudPlatform: cloud_platform, cloudLocation: cloud_location, groupId: group_id };
}

function aimOf(task: GroupTask): CloudGroupAim {
  return {
    ...refOf(task),
    token: task.token,
    templateId: task.template_id,
    pointerName: task.pointer_name ?? undefined,
    cloudImageId: task.to_image.cloudImageId,
  };
}

/** The members that do not run what they shall. @returns nothing where the group is gone */
async function findLeft({ groups, task, options }: Stepping): Promise<string[] | undefined> {
  const members = await groups.members(refOf(task), options);
  return members
    ?.filter(({ cloudImageId }) => cloudImageId !== task.to_image.cloudImageId)
    .map(({ cloudServerId }) => cloudServerId);
}

const isGone: GroupOutcome = { to: 'failed', words: 'The group is not in its cloud any more.' };

/** Ends the refresh of a rollout that does not run, and waits until it has ended. */
async function bringToRest(stepping: Stepping): Promise<GroupOutcome> {
  const { groups, task, options, againMs } = stepping;
  const left = await findLeft(stepping);
  if (!left) return isGone;
  const { refresh_id: refreshId } = task;
  if (refreshId === null) return { to: 'rest', left };
  const at = { ...refOf(task), refreshId };
  const refresh = await groups.follow(at, options);
  if (refresh?.state === 'done') return { to: 'moved', left };
  if (refresh?.state !== 'underWay' && refresh?.state !== 'ending') return { to: 'rest', left };
  if (refresh.state === 'underWay') await groups.cancel(at, options);
  const words = 'The cloud ends its refresh; what it is exchanging is finished.';
  return { to: 'goOn', againMs, words, left, cancelledId: refreshId };
}

/** Has the cloud take back what the undone rollout has under way, or ends that. @returns nothing once that is over */
async function takeBack({
  groups,
  task,
  options,
  againMs,
}: Stepping): Promise<GroupOutcome | undefined> {
  const { undone_refresh_id: refreshId } = task;
  if (refreshId === null) return undefined;
  const at = { ...refOf(task), refreshId };
  const before = await groups.follow(at, options);
  const goOn = (words: string): GroupOutcome => ({ to: 'goOn', againMs, words });
  if (before?.state === 'ending') return goOn('The cloud takes back what it has exchanged.');
  if (before?.state !== 'underWay') return undefined;
  const answer = await groups.rollBack(at, options);
  if (answer !== 'impossible') return goOn('The cloud takes back what it has exchanged.');
  await groups.cancel(at, options);
  return goOn('The cloud ends the refresh that is undone; then the servers are exchanged back.');
}

async function goOn(stepping: Stepping): Promise<GroupOutcome> {
  const { groups, task, options, againMs } = stepping;
  if (task.by_members) return exchangeMembers(stepping);
  if (task.refresh_id !== null) return followRefresh(stepping, task.refresh_id);
  const aim = aimOf(task);
  const begun = await groups.refresh({ ...aim, ...refreshSettingsOf(task) }, options);
  if (begun === 'done') {
    const left = await findLeft(stepping);
    return left ? { to: 'moved', left } : isGone;
  }
  if (begun === 'unsupported') {
    await groups.aim(aim, options);
    const words = 'Its servers are ended a few at a time, and the group starts others.';
    return { to: 'goOn', againMs: 0, words, byMembers: true, isUndone: true };
  }
  const words = wordsOf(begun);
  return { to: 'goOn', againMs, words, refreshId: begun.refreshId, isUndone: true };
}

async function followRefresh(stepping: Stepping, refreshId: string): Promise<GroupOutcome> {
  const { groups, task, options, againMs } = stepping;
  const refresh = await groups.follow({ ...refOf(task), refreshId }, options);
  const left = await findLeft(stepping);
  if (!left) return isGone;
  if (!refresh)
    return { to: 'failed', left, words: 'The cloud does not know its refresh any more.' };
  if (refresh.state === 'done') return { to: 'moved', left };
  if (refresh.state === 'underWay' || refresh.state === 'ending')
    return { to: 'goOn', againMs, left, words: wordsOf(refresh), percentage: refresh.percentage };
  // The rollout was resumed before it had come to rest.
  if (refresh.state === 'cancelled' && task.cancelled_refresh_id === refreshId)
    return { to: 'rest', left };
  return { to: 'failed', left, words: endOf(refresh) };
}

function wordsOf({ percentage, words }: CloudRefresh): string {
  const said = words === undefined ? '' : ` It says: ${words}`;
  return `The cloud exchanges its servers: ${percentage} % is done.${said}`;
}

function endOf({ state, words }: CloudRefresh): string {
  const how = {
    cancelled: 'Somebody cancelled its refresh in its cloud',
    rolledBack: 'Its refresh was rolled back in its cloud',
  };
  const end =
    state === 'cancelled' || state === 'rolledBack' ? how[state] : 'Its cloud gave its refresh up';
  return words === undefined ? `${end}.` : `${end}: ${words}`;
}

/** Ends members one batch after the other; the group starts others in their place by itself. */
async function exchangeMembers({
  groups,
  task,
  options,
  againMs,
}: Stepping): Promise<GroupOutcome> {
  const members = await groups.members(refOf(task), options);
  if (!members) return isGone;
  for (const cloudServerId of nextMembersOf(task, members))
    await groups.replaceMember({ ...refOf(task), cloudServerId }, options);
  const left = members.filter(({ cloudImageId }) => cloudImageId !== task.to_image.cloudImageId);
  const up = members.length - left.length;
  const isBack = members.length >= task.desired && members.every(({ isUp }) => isUp);
  if (left.length === 0 && isBack) return { to: 'moved', left: [] };
  return {
    to: 'goOn',
    againMs,
    left: left.map(({ cloudServerId }) => cloudServerId),
    percentage: Math.round((100 * up) / Math.max(1, members.length)),
    words: `Its servers are ended a few at a time, and the group starts others: ${left.length} to go.`,
  };
}

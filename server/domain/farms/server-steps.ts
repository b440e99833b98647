import type { ServerStatus } from '#contract/farms/statuses.ts';

/** What a cloud says of a server; `absent` when it does not know it, or no longer. */
export type SeenState =
  | 'pending'
  | 'running'
  | 'suspending'
  | 'suspended'
  | 'resuming'
  | 'terminating'
  | 'terminated'
  | 'failed'
  | 'absent';

/** What is asked of the cloud to bring a server on. */
export type ServerCall = 'launch' | 'get' | 'suspend' | 'resume' | 'terminate';

/** The state of a server after a look at its cloud, and whether it is at rest there. */
export interface ServerStepPlan {
  status: ServerStatus;
  isSettled: boolean;
}

/**
 * What to ask of the cloud first (docs/domain.md, "What servers do").
 * @returns nothing for a server that is at rest
 */
export function planServerCall(status: ServerStatus): ServerCall | undefined {
  switch (status) {
    case 'pending_launch':
      return 'launch';
    case 'pending':
    case 'initializing':
    case 'pending_suspend':
    case 'resuming':
      return 'get';
    case 'pending_terminate':
      return 'terminate';
    default:
      return undefined;
  }
}

/** What to ask next, now that the cloud has said where the server is; nothing while it is on its way. */
export function planNextCall(status: ServerStatus, seen: SeenState): ServerCall | undefined {
  if (status === 'pending_suspend' && seen === 'running') return 'suspend';
  if (status === 'resuming' && seen === 'suspended') return 'resume';
  return undefined;
}

/** A cloud may take a moment to know a server that it has just begun. */
const unknownAtFirstMs = 60_000;

/**
 * What a server has become, by what its cloud says of it.
 * @param ageMs since it was launched
 * @param mayStillCome whether a launch may be under way whose answer nobody heard
 */
export function planSeenStatus(
  status: ServerStatus,
  seen: SeenState,
  { ageMs, mayStillCome = false }: { ageMs: number; mayStillCome?: boolean },
): ServerStepPlan {
  const stays = { status, isSettled: false };
  const isGone = seen === 'terminated' || seen === 'absent' || seen === 'failed';
  if (status === 'pending_terminate' && seen === 'absent' && mayStillCome) return stays;
  if (status === 'pending_terminate')
    return isGone ? { status: 'terminated', isSettled: true } : stays;
  if (seen === 'absent' && isComingUp(status) && ageMs < unknownAtFirstMs) return stays;
  if (isGone) return { status: isComingUp(status) ? 'failed' : 'terminated', isSettled: true };
  if (isComingUp(status)) return planComingUp(status, seen);
  if (status === 'resuming' && seen === 'running') return { status: 'running', isSettled: true };
  if (status === 'pending_suspend' && seen === 'suspended')
    return { status: 'suspended', isSettled: true };
  return stays;
}

/** Whether a server has been launched and does not run yet. */
export function isComingUp(status: ServerStatus): boolean {
  return status === 'pending_launch' || status === 'pending' || status === 'initializing';
}

function planComingUp(status: ServerStatus, seen: SeenState): ServerStepPlan {
  if (seen === 'running') return { status: 'running', isSettled: true };
  if (seen === 'suspended') return { status: 'suspended', isSettled: true };
  return { status: status === 'pending_launch' ? 'pending' : status, isSettled: false };
}

/**
 * What a server is again, after its cloud has refused for good what was asked. Nothing runs in a farm that does
 * not: there it is as it was asked to be, and the cloud is asked again.
 */
export function planRefused(
  status: ServerStatus,
  farmStatus: 'running' | 'suspended' | 'terminated',
): ServerStatus {
  switch (status) {
    case 'pending_suspend':
    case 'pending_terminate':
      return farmStatus === 'running' ? 'running' : status;
    case 'resuming':
      return 'suspended';
    default:
      return 'failed';
  }
}

const firstRetryMs = 5_000;
const longestRetryMs = 600_000;

/**
 * How long nothing is launched by itself after launches that failed one after the other: 5 s, then twice as
 * long each time, at most 10 min.
 */
export function retryAfterMs(failures: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20));
}

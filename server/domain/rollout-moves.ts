import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { RolloutServerState, RolloutSettings } from '#contract/rollouts/rollout-members.ts';
import { isComingUp } from './farms/server-steps.ts';

// What a rollout does next in one farm role: docs/domain.md, "Rollouts".

/** What an amount such as `2` or `25%` is of a whole: rounded down, and never nothing, so that two servers move too. */
export function countOf(amount: string, whole: number): number {
  const number = Number.parseInt(amount, 10);
  return Math.max(1, amount.endsWith('%') ? Math.floor((whole * number) / 100) : number);
}

/** A farm role in the middle of a rollout. */
export interface MovingFarmRole {
  scaling_enabled: boolean;
  min_servers: number;
  /** Of each of its live servers (docs/domain.md, "Usage and staleness"). */
  live: readonly ServerStatus[];
  /** Servers of the present wave that may be moved, in the order of the plan. */
  waiting: readonly { id: string; status: ServerStatus }[];
  /** Moves under way, baking ones too; those without a new server have lost it. */
  underWay: readonly { hasNewServer: boolean }[];
  /** Places that another rollout, which this one undoes, has emptied and not filled yet. */
  emptiedBefore: number;
  /** When the last move of it ended. */
  lastMovedAt: Date | null;
}

/** Which servers go now; and where none does, why. */
export type NextMoves =
  | { start: string[] }
  | { wait: 'batch' | 'nothing' }
  | { wait: 'pause'; until: Date }
  | { wait: 'unavailable'; unavailable: number; allowed: number };

const isUp = (status: ServerStatus) => !isComingUp(status) && status !== 'resuming';

/**
 * How many servers should run and do not: those that come up or resume, those that the minimum lacks, and those
 * whose place was emptied and waits for another launch. Who ended them makes no difference.
 */
export function countUnavailable(
  farmRole: Pick<
    MovingFarmRole,
    'scaling_enabled' | 'min_servers' | 'live' | 'underWay' | 'emptiedBefore'
  >,
): number {
  const { scaling_enabled, min_servers, live, underWay, emptiedBefore } = farmRole;
  const belowMinimum = scaling_enabled ? Math.max(0, min_servers - live.length) : 0;
  const emptied = emptiedBefore + underWay.filter(({ hasNewServer }) => !hasNewServer).length;
  return live.filter((status) => !isUp(status)).length + Math.max(belowMinimum, emptied);
}

/** Decides which servers of a farm role are moved next: a batch at a time, and never too many down at once. */
export function planNextMoves(
  farmRole: MovingFarmRole,
  settings: Pick<RolloutSettings, 'batchSize' | 'maxUnavailable' | 'pauseSeconds'>,
  now: Date,
): NextMoves {
  const { waiting, underWay, lastMovedAt, live } = farmRole;
  if (waiting.length === 0) return { wait: 'nothing' };
  if (underWay.length > 0) return { wait: 'batch' };
  const until = lastMovedAt && new Date(lastMovedAt.getTime() + settings.pauseSeconds * 1_000);
  if (until && now < until) return { wait: 'pause', until };
  const unavailable = countUnavailable(farmRole);
  const size = Math.max(live.length, farmRole.scaling_enabled ? farmRole.min_servers : 0);
  const allowed = countOf(settings.maxUnavailable, size);
  const batch = countOf(settings.batchSize, size);
  const start: string[] = [];
  let room = allowed - unavailable;
  for (const { id, status } of waiting) {
    // One that does not run yet is down already: another in its place changes nothing.
    const cost = isUp(status) ? 1 : 0;
    if (start.length === batch || (cost > 0 && cost > room)) continue;
    room -= cost;
    start.push(id);
  }
  return start.length > 0 ? { start } : { wait: 'unavailable', unavailable, allowed };
}

/** A server that waits for its turn, as it is now; undefined once its row has gone. */
export interface WaitingServer {
  status: ServerStatus;
  /** It was started from another cloud image than its role has now. */
  stale: boolean;
  /** Who asked for its end. */
  ended_by: string | null;
}

/** Why a server is not moved after all: somebody, or something, was there first. */
export function findSkip(
  server: WaitingServer | undefined,
  farm: { status: 'running' | 'suspended' | 'terminated' },
): string | undefined {
  if (!server) return 'It was removed with its farm role.';
  const { status, stale, ended_by } = server;
  if (status === 'pending_terminate' || status === 'terminated')
    return ended_by === null ? 'It ended in its cloud.' : `It was terminated by ${ended_by}.`;
  if (status === 'failed') return 'It did not come up.';
  if (!stale) return 'It runs the image that its role has now.';
  if (status === 'suspended' || status === 'pending_suspend')
    return 'It is suspended; it will resume on its old image.';
  if (farm.status !== 'running') return `Its farm is ${farm.status}.`;
  return undefined;
}

/** What came in the place of a server, as it is now. */
export interface NewServer {
  status: ServerStatus;
  /** Who asked for its end. */
  ended_by: string | null;
  /** What the cloud said of it last. */
  cloud_words: string | null;
}

/** How a move goes on. */
export type MoveStep =
  | { to: Extract<RolloutServerState, 'baking' | 'moved'> }
  | { to: 'skipped'; reason: string }
  | { failed: string }
  | { stays: true };

/** Whether a server is on its way out, or never came up. */
export function hasEnded({ status }: Pick<NewServer, 'status'>): boolean {
  return status === 'pending_terminate' || status === 'terminated' || status === 'failed';
}

/** What has become of a move since it was last looked at. */
export function planMoveStep(
  move: { state: 'moving' | 'baking'; ran_at: Date | null },
  server: NewServer,
  { bakeSeconds, now }: { bakeSeconds: number; now: Date },
): MoveStep {
  const { status, ended_by, cloud_words } = server;
  if (hasEnded(server)) {
    if (ended_by !== null)
      return { to: 'skipped', reason: `What came in its place was terminated by ${ended_by}.` };
    return { failed: cloud_words ?? 'The new server ended.' };
  }
  // Somebody stopped it on purpose, which no bake time waits for.
  if (status === 'suspended' || status === 'pending_suspend') return { to: 'moved' };
  if (status !== 'running') return { stays: true };
  const ranAt = move.ran_at ?? now;
  if (now.getTime() - ranAt.getTime() >= bakeSeconds * 1_000) return { to: 'moved' };
  return move.state === 'moving' ? { to: 'baking' } : { stays: true };
}

import type { Farm } from '#contract/farms/farms.ts';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import { findObservedRefusal, type PerhapsObserved } from '../inventory/observed-refusal.ts';
import type { Refusal } from '../refusal.ts';
import { isComingUp } from './server-steps.ts';
import { isCalledOff, type ServerFacts } from './servers.ts';

type FarmStatus = Farm['status'];
export type FarmVerb = 'launch' | 'terminate' | 'suspend' | 'resume';

/** From which states a farm can be brought into which: docs/domain.md, "What farms do". */
const steps: Record<FarmVerb, { from: readonly FarmStatus[]; to: FarmStatus; done: string }> = {
  launch: { from: ['terminated'], to: 'running', done: 'launched' },
  terminate: { from: ['running', 'suspended'], to: 'terminated', done: 'terminated' },
  suspend: { from: ['running'], to: 'suspended', done: 'suspended' },
  resume: { from: ['suspended'], to: 'running', done: 'resumed' },
};

/** What the rules need to know of a farm. */
export interface FarmFacts extends PerhapsObserved {
  name: string;
  status: FarmStatus;
  locked_at: Date | null;
  locked_by: string | null;
  lock_comment: string | null;
}

/** The state that a farm gets, or why it cannot be brought there. */
export function planFarmStep(farm: FarmFacts, verb: FarmVerb): { to: FarmStatus } | Refusal {
  const { from, to, done } = steps[verb];
  const locked = findLockRefusal(farm, done);
  if (locked) return locked;
  if (from.includes(farm.status)) return { to };
  return {
    code: 'UnacceptableState',
    reason: `Farm "${farm.name}" is ${farm.status}: only a farm that is ${from.join(' or ')} can be ${done}.`,
  };
}

/** What becomes of a server when its whole farm changes; undefined leaves it as it is. */
export function planServerWithFarm(
  server: Pick<ServerFacts, 'status' | 'image_id'>,
  verb: Exclude<FarmVerb, 'launch'>,
): ServerStatus | undefined {
  const { status } = server;
  if (status === 'terminated' || status === 'failed' || status === 'pending_terminate')
    return undefined;
  const sleeps = status === 'suspended' || status === 'pending_suspend';
  if (verb === 'resume') return sleeps ? 'resuming' : undefined;
  if (isCalledOff(server)) return 'terminated';
  // What has not come up has nothing to suspend.
  if (verb === 'terminate' || isComingUp(status)) return 'pending_terminate';
  return sleeps ? undefined : 'pending_suspend';
}

/**
 * Why a farm cannot be changed by anybody: something else runs it, or it is locked.
 * @param done what cannot be done with it, e.g. `changed`
 */
export function findLockRefusal(farm: FarmFacts, done: string): Refusal | undefined {
  const observed = findObservedRefusal(farm);
  if (observed) return observed;
  if (!farm.locked_at) return undefined;
  const comment = farm.lock_comment ? ` ("${farm.lock_comment}")` : '';
  return {
    code: 'Locked',
    reason: `Farm "${farm.name}" was locked by ${farm.locked_by}${comment} and cannot be ${done}. Unlock it first.`,
  };
}

/** Who wants to unlock a farm. */
export interface Unlocker {
  actor: string;
  ownsFarm: boolean;
  /** Administrators unlock everything, so that no farm stays shut when its owner has left. */
  isAdministrator: boolean;
}

/** Why a farm cannot be unlocked by somebody: docs/domain.md, "What farms do". */
export function findUnlockRefusal(
  farm: FarmFacts & { unlock_permission: string | null },
  who: Unlocker,
): Refusal | undefined {
  const observed = findObservedRefusal(farm);
  if (observed) return observed;
  if (!farm.locked_at)
    return { code: 'UnacceptableState', reason: `Farm "${farm.name}" is not locked.` };
  const may =
    farm.unlock_permission === 'anyone' ||
    who.isAdministrator ||
    who.ownsFarm ||
    (farm.unlock_permission === 'team' && farm.locked_by === who.actor);
  if (may) return undefined;
  return {
    code: 'PermissionViolation',
    reason: `Farm "${farm.name}" was locked by ${farm.locked_by} so that only its owner or an administrator can unlock it. Ask one of them.`,
  };
}

/** Why a farm cannot be deleted: only one that is terminated, without servers that still run. */
export function findFarmDeletionRefusal(farm: FarmFacts, servers: number): Refusal | undefined {
  const locked = findLockRefusal(farm, 'deleted');
  if (locked) return locked;
  if (farm.status !== 'terminated')
    return {
      code: 'ObjectInUse',
      reason: `Farm "${farm.name}" is ${farm.status}. Terminate it first.`,
    };
  if (servers === 0) return undefined;
  return {
    code: 'ObjectInUse',
    reason: `Farm "${farm.name}" still has ${servers === 1 ? 'a server' : `${servers} servers`} that ${servers === 1 ? 'has' : 'have'} not ended. Terminate ${servers === 1 ? 'it' : 'them'} first.`,
  };
}

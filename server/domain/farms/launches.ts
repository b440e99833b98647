import { type CredentialsInUse, findRightRefusal } from '../credentials/cloud-credentials.ts';
import { findObservedRefusal, type PerhapsObserved } from '../inventory/observed-refusal.ts';
import type { Refusal } from '../refusal.ts';

/** A farm role as a launch looks at it. */
export interface LaunchingFarmRole extends Partial<CredentialsInUse> {
  id: number;
  scaling_enabled: boolean;
  min_servers: number;
  max_servers: number;
  /** The numbers of its servers that have not ended. */
  indexes: readonly number[];
  /** How many of them count: those that are not about to end. */
  live: number;
}

/** One server to start. */
export interface Launch {
  farmRoleId: number;
  index: number;
}

/**
 * What a launched farm starts: as many servers of each farm role as its minimum lacks. A farm role
 * whose scaling is off starts none by itself (docs/domain.md, "What farms do").
 */
export function planFarmLaunch(farmRoles: readonly LaunchingFarmRole[]): Launch[] {
  return farmRoles.flatMap((farmRole) => {
    const missing = farmRole.scaling_enabled ? farmRole.min_servers - farmRole.live : 0;
    return freeIndexes(farmRole.indexes, missing).map((index) => ({
      farmRoleId: farmRole.id,
      index,
    }));
  });
}

const mostServers = 400;

/** What launching one more server by hand takes: its number, and a new maximum if there is no room. */
export function planServerLaunch(
  farm: PerhapsObserved & { name: string; status: string },
  farmRole: LaunchingFarmRole & { alias: string },
): (Launch & { raiseMaxTo?: number }) | Refusal {
  const observed = findObservedRefusal(farm);
  if (observed) return observed;
  if (farm.status !== 'running')
    return {
      code: 'UnacceptableState',
      reason: `Farm "${farm.name}" is ${farm.status}, so no server of it can be launched. ${farm.status === 'suspended' ? 'Resume' : 'Launch'} the farm first.`,
    };
  const forbidden = findLaunchRightRefusal(farmRole);
  if (forbidden) return forbidden;
  if (farmRole.live >= mostServers)
    return {
      code: 'UnacceptableState',
      reason: `Farm role "${farmRole.alias}" has ${farmRole.live} servers; ${mostServers} is the most it can have.`,
    };
  const [index = 1] = freeIndexes(farmRole.indexes, 1);
  const launch = { farmRoleId: farmRole.id, index };
  return farmRole.live >= farmRole.max_servers
    ? { ...launch, raiseMaxTo: farmRole.live + 1 }
    : launch;
}

/** Why the credentials of its environment do not let Slipway launch servers of a farm role. */
export function findLaunchRightRefusal(farmRole: Partial<CredentialsInUse>): Refusal | undefined {
  return findRightRefusal(farmRole, 'launchServers');
}

/** The lowest numbers that no server has, from 1 on. */
export function freeIndexes(taken: readonly number[], count: number): number[] {
  const used = new Set(taken);
  const free: number[] = [];
  for (let index = 1; free.length < count; index++) if (!used.has(index)) free.push(index);
  return free;
}

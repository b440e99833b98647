import { fetchLaunchingFarmRoles } from '../../database/queries/farms/farm-role-writes.ts';
import {
  fetchOldestServers,
  fetchWaitingFarmRoles,
  findFarmStatus,
} from '../../database/queries/farms/keeping.ts';
import { launchServers, setServerStatus } from '../../database/queries/farms/server-writes.ts';
import { planKeeping } from '../../domain/farms/keeping.ts';
import { findLaunchRightRefusal, freeIndexes } from '../../domain/farms/launches.ts';
import type { FleetContext } from '../context.ts';

/**
 * Brings each farm role of a farm between its minimum and its maximum: docs/domain.md, "What is kept".
 * @returns how many servers it launched and terminated
 */
export async function keepFarm(
  ctx: FleetContext,
  farmId: number,
): Promise<{ launched: number; terminated: number }> {
  const done = { launched: 0, terminated: 0 };
  const status = await findFarmStatus(ctx.tx, farmId);
  if (status === undefined) return done;
  const waiting = new Set(await fetchWaitingFarmRoles(ctx.tx, farmId, ctx.now));
  for (const farmRole of await fetchLaunchingFarmRoles(ctx.tx, { farmId })) {
    const plan = planKeeping({ ...farmRole, farm_status: status });
    const { live, min_servers, max_servers } = farmRole;
    const stamp = { at: ctx.now, actor: ctx.actor };
    const mayLaunch = !waiting.has(farmRole.id) && !findLaunchRightRefusal(farmRole);
    if ('launch' in plan && mayLaunch) {
      const launches = freeIndexes(farmRole.indexes, plan.launch).map((index) => ({
        farmRoleId: farmRole.id,
        index,
      }));
      const reason = `The minimum is ${min_servers}, and there ${live === 1 ? 'was' : 'were'} ${live}`;
      await launchServers(ctx.tx, launches, { ...stamp, reason, launchedBy: null });
      done.launched += plan.launch;
    }
    if ('terminate' in plan) {
      const ids = await fetchOldestServers(ctx.tx, farmRole.id, plan.terminate);
      const reason = `The maximum is ${max_servers}, and there were ${live}: the oldest goes`;
      await setServerStatus(ctx.tx, ids, 'pending_terminate', { ...stamp, reason });
      done.terminated += ids.length;
    }
  }
  return done;
}

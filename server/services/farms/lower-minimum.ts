import {
  fetchLaunchingFarmRoles,
  updateFarmRole,
} from '../../database/queries/farms/farm-role-writes.ts';
import type { ServerRow } from '../../database/queries/farms/servers.ts';
import { findLockRefusal } from '../../domain/farms/farms.ts';
import { planLowerMinimum } from '../../domain/farms/keeping.ts';
import type { Context } from '../context.ts';
import type { Change } from '../log-entry.ts';
import { refuseIf } from '../refuse.ts';
import { getFarm, getFarmRole, toFarmRole } from './farm-access.ts';

/**
 * Before a live server is terminated: has its farm role keep no more servers than stay, so that none
 * comes in its place (docs/domain.md, "What is kept").
 * @returns the farm role, if that changed it
 * @throws ApiError Locked, since that changes the farm
 */
export async function lowerMinimum(ctx: Context, server: ServerRow): Promise<Change[]> {
  refuseIf(findLockRefusal(await getFarm(ctx, server.farm_id), 'changed'));
  const [facts] = await fetchLaunchingFarmRoles(ctx.tx, { farmRoleId: server.farm_role_id });
  const min_servers = facts && planLowerMinimum(facts);
  if (min_servers === undefined) return [];
  const before = toFarmRole(await getFarmRole(ctx, server.farm_role_id));
  await updateFarmRole(ctx.tx, before.id, { min_servers });
  const after = toFarmRole(await getFarmRole(ctx, before.id));
  return [{ kind: 'farmRole', before, after }];
}

import { type Insertable, sql, type Updateable } from 'kysely';
import type { EnteringRole } from '../../../domain/farms/farm-roles.ts';
import type { LaunchingFarmRole } from '../../../domain/farms/launches.ts';
import type { Db } from '../../connection/connection.ts';
import { attachedTo } from '../clouds/environment-clouds.ts';
import type { Database } from '../../schema.ts';
import { queueServerRemovals } from './server-steps.ts';
import { isThere } from './usage.ts';

/** A role of a farm with its Role, as the rules look at the two. */
export interface FarmMemberRow extends EnteringRole {
  farm_role_id: number;
  alias: string;
  builtin_automation: string[];
}

/** The roles of a farm with their Roles, in the order of their ids. */
export async function fetchFarmMembers(tx: Db, farmId: number): Promise<FarmMemberRow[]> {
  const { rows } = await sql<FarmMemberRow>`
    SELECT fr.id AS farm_role_id, fr.alias, r.id, r.name, r.deprecated_at, os.family AS os_family,
      os.name AS os_name, r.use_scalr_agent, r.builtin_automation
    FROM farm_roles fr JOIN roles r ON r.id = fr.role_id JOIN os ON os.id = r.os_id
    WHERE fr.farm_id = ${farmId} ORDER BY fr.id`.execute(tx);
  return rows;
}

/** Writes a new farm role. @returns its id */
export async function insertFarmRole(
  tx: Db,
  values: Insertable<Database['farm_roles']>,
): Promise<number> {
  const { id } = await tx
    .insertInto('farm_roles')
    .values(values)
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Copies a farm role, or all of a farm, into another farm. @returns the new ids */
export async function copyFarmRoles(
  tx: Db,
  from: { farmId: number } | { farmRoleId: number; alias: string },
  toFarmId: number,
  at: Date,
): Promise<number[]> {
  const alias = 'alias' in from ? sql`${from.alias}::text` : sql`fr.alias`;
  const condition =
    'alias' in from ? sql`fr.id = ${from.farmRoleId}` : sql`fr.farm_id = ${from.farmId}`;
  const { rows } = await sql<{ id: number }>`
    INSERT INTO farm_roles (farm_id, account_id, environment_id, role_id, alias, cloud_platform, cloud_location,
      instance_type, launch_index, scaling_enabled, min_servers, max_servers, added_at)
    SELECT f.id, f.account_id, f.environment_id, fr.role_id, ${alias}, fr.cloud_platform, fr.cloud_location,
      fr.instance_type, fr.launch_index, fr.scaling_enabled, fr.min_servers, fr.max_servers, ${at}
    FROM farm_roles fr, farms f WHERE ${condition} AND f.id = ${toFarmId} ORDER BY fr.id
    RETURNING id`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Changes a farm role and raises its version. */
export async function updateFarmRole(
  tx: Db,
  id: number,
  columns: Updateable<Database['farm_roles']>,
): Promise<void> {
  await tx
    .updateTable('farm_roles')
    .set({ ...columns, version: sql`version + 1` })
    .where('id', '=', id)
    .execute();
}

/** Removes a farm role with its servers; those that have not ended are ended in their clouds. */
export async function deleteFarmRoleRows(tx: Db, id: number): Promise<void> {
  await queueServerRemovals(tx, sql`s.farm_role_id = ${id} AND ${isThere('s')}`);
  await tx.deleteFrom('servers').where('farm_role_id', '=', id).execute();
  await tx.deleteFrom('farm_roles').where('id', '=', id).execute();
}

/** The roles of a farm, or one of them, as a launch looks at them; in the order of launch. */
export async function fetchLaunchingFarmRoles(
  tx: Db,
  of: { farmId: number } | { farmRoleId: number },
): Promise<(LaunchingFarmRole & { alias: string })[]> {
  const condition = 'farmId' in of ? sql`fr.farm_id = ${of.farmId}` : sql`fr.id = ${of.farmRoleId}`;
  const { rows } = await sql<LaunchingFarmRole & { alias: string }>`
    SELECT fr.id, fr.alias, fr.scaling_enabled, fr.min_servers, fr.max_servers,
      coalesce(s.indexes, '{}') AS indexes, coalesce(s.live, 0)::int AS live,
      cc.name AS credentials_name, cc.rights AS cloud_rights
    FROM farm_roles fr LEFT JOIN cloud_credentials cc ON cc.id = ${attachedTo('fr')}
    LEFT JOIN LATERAL (
      SELECT array_agg(server_index) AS indexes, count(*) FILTER (WHERE status <> 'pending_terminate') AS live
      FROM servers WHERE farm_role_id = fr.id AND ${isThere('servers')}) s ON true
    WHERE ${condition} ORDER BY fr.launch_index, fr.id`.execute(tx);
  return rows;
}

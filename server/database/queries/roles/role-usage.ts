import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

export interface RoleUsageRow {
  role_id: number;
  farms: number;
  /** Live ones. */
  servers: number;
  /** Live ones on a stale or a deprecated image. */
  old_servers: number;
}

/** How much uses these roles at and below a scope; roles that no farm uses are left out. */
export async function fetchRoleUsage(
  tx: Db,
  scope: ScopeRef,
  roleIds: readonly number[],
): Promise<RoleUsageRow[]> {
  if (roleIds.length === 0) return [];
  const { rows } = await sql<RoleUsageRow>`
    SELECT fr.role_id, count(DISTINCT fr.farm_id)::int AS farms,
      coalesce(sum(running.servers), 0)::int AS servers,
      coalesce(sum(running.old_servers), 0)::int AS old_servers
    FROM farm_roles fr
    LEFT JOIN LATERAL (
      SELECT sum(g.servers) AS servers, sum(g.servers) FILTER (WHERE g.old) AS old_servers
      FROM server_groups g WHERE g.farm_role_id = fr.id) running ON true
    WHERE fr.role_id = ANY(${[...roleIds]}::int[]) AND ${isAtOrBelow('fr', scope)}
    GROUP BY fr.role_id`.execute(tx);
  return rows;
}

/** Which of these roles some farm uses, anywhere: what keeps a role from being deleted. */
export async function findUsedRoleIds(tx: Db, roleIds: readonly number[]): Promise<Set<number>> {
  if (roleIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('farm_roles')
    .where('role_id', 'in', roleIds)
    .select('role_id')
    .distinct()
    .execute();
  return new Set(rows.map((row) => row.role_id));
}

/** A farm role that stands in the way of a deletion. */
export interface FarmRoleRow {
  id: number;
  alias: string;
  farm_id: number;
  farm_name: string;
  account_id: number;
  environment_id: number;
  environment_name: string;
  /** Whether its farm is locked. */
  locked: boolean;
}

/** At most `limit` farm roles that use a role, at one place or everywhere, and the number of all. */
export async function fetchFarmRolesOf(
  tx: Db,
  roleId: number,
  place: { cloudPlatform: string; cloudLocation: string } | undefined,
  limit: number,
): Promise<{ rows: FarmRoleRow[]; total: number }> {
  const select = sql<FarmRoleRow & { total: number }>`
    SELECT fr.id, fr.alias, fr.farm_id, f.name AS farm_name, fr.account_id, fr.environment_id,
      e.name AS environment_name, f.locked_at IS NOT NULL AS locked, count(*) OVER () AS total
    FROM farm_roles fr JOIN farms f ON f.id = fr.farm_id JOIN environments e ON e.id = fr.environment_id
    WHERE fr.role_id = ${roleId} AND ${
      place
        ? sql`fr.cloud_platform = ${place.cloudPlatform} AND fr.image_location = ${place.cloudLocation}`
        : sql`true`
    }
    ORDER BY fr.id LIMIT ${limit}`;
  const rows = await ask(tx, select.compile(tx));
  return { rows, total: rows[0]?.total ?? 0 };
}

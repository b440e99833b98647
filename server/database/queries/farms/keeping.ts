import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { isLive } from './usage.ts';

/**
 * The farms that the keeper has to look at now: running ones with a farm role below its minimum, and no setback
 * that makes it wait, or above its maximum. It counts what reports read, so a pass costs no more than one of them.
 * @param accounts whose farms; with them come those of which a setback makes nobody wait any more
 */
export async function findUnbalancedFarms(
  db: Db,
  accounts: readonly number[] | 'all',
): Promise<{ farmId: number; accountId: number }[]> {
  const isOver = sql`b.retry_at <= statement_timestamp()`;
  const looked =
    accounts === 'all'
      ? sql`SELECT id FROM farm_roles`
      : sql`SELECT id FROM farm_roles WHERE account_id = ANY(${accounts}::int[])
        UNION SELECT b.farm_role_id FROM farm_role_setbacks b WHERE ${isOver}`;
  const { rows } = await sql<{ farmId: number; accountId: number }>`
    WITH looked AS MATERIALIZED (${looked}), live AS (
      SELECT farm_role_id, sum(servers)::int AS servers FROM server_groups
      WHERE farm_role_id IN (SELECT id FROM looked) GROUP BY 1)
    SELECT DISTINCT fr.farm_id AS "farmId", fr.account_id AS "accountId"
    FROM looked JOIN farm_roles fr USING (id) JOIN farms f ON f.id = fr.farm_id
    LEFT JOIN live ON live.farm_role_id = fr.id
    LEFT JOIN farm_role_setbacks b ON b.farm_role_id = fr.id
    WHERE f.status = 'running' AND fr.scaling_enabled AND (coalesce(live.servers, 0) > fr.max_servers
      OR coalesce(live.servers, 0) < fr.min_servers AND (b.retry_at IS NULL OR ${isOver}))
    ORDER BY 1`.execute(db);
  return rows;
}

/** The state that a farm is in; undefined when it is gone. */
export async function findFarmStatus(
  tx: Db,
  farmId: number,
): Promise<'running' | 'terminated' | 'suspended' | undefined> {
  const farms = tx.selectFrom('farms').where('id', '=', farmId).select('status');
  return (await farms.executeTakeFirst())?.status;
}

/** The farm roles of a farm whose launches wait after a setback. */
export async function fetchWaitingFarmRoles(tx: Db, farmId: number, now: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT b.farm_role_id AS id FROM farm_role_setbacks b JOIN farm_roles fr ON fr.id = b.farm_role_id
    WHERE fr.farm_id = ${farmId} AND b.retry_at > ${now}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** The live servers of a farm role that were launched first. */
export async function fetchOldestServers(
  tx: Db,
  farmRoleId: number,
  count: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT s.id FROM servers s LEFT JOIN cloud_credentials cc ON cc.id = s.cloud_credentials_id
    WHERE s.farm_role_id = ${farmRoleId} AND ${isLive('s')} AND coalesce('terminateServers' = ANY(cc.rights), true)
    ORDER BY s.launched_at, s.id LIMIT ${count}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Why servers of a farm role do not come up. */
export interface SetbackRow {
  failures: number;
  at: Date;
  retry_at: Date;
  reason: string;
}

/** The setbacks of farm roles, by farm role; most have none. */
export async function fetchSetbacks(
  tx: Db,
  farmRoleIds: readonly number[],
): Promise<Map<number, SetbackRow>> {
  const rows = await tx
    .selectFrom('farm_role_setbacks')
    .where('farm_role_id', 'in', [...farmRoleIds, 0])
    .selectAll()
    .execute();
  return new Map(rows.map((row) => [row.farm_role_id, row]));
}

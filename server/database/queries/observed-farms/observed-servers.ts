import { type RawBuilder, sql } from 'kysely';
import type { ObservedServer } from '../../../domain/inventory/observed-farms.ts';
import type { Db } from '../../connection/connection.ts';
import { noteServerEvents } from '../farms/server-writes.ts';
import { isThere } from '../farms/usage.ts';

/** A server as it is written: in which farm role, on which row of images. */
export interface ServerToWrite extends Pick<
  ServerOf,
  'cloudServerId' | 'hostname' | 'status' | 'launchedAt'
> {
  farmRoleId: number;
  imageId: string;
}
type ServerOf = ObservedServer;

const actor = 'system:inventory';

/** How long those that are gone from their cloud are kept. */
const keptFor = sql`interval '30 days'`;

/**
 * Makes the servers of a farm what was found: those that are gone have ended, and are forgotten after a month.
 * @param at when it is written down
 */
export async function writeObservedServers(
  tx: Db,
  farmId: number,
  servers: readonly ServerToWrite[],
  at: Date,
): Promise<void> {
  const wanted = sql`jsonb_to_recordset(${JSON.stringify(servers)}::jsonb) AS w ("cloudServerId" text, hostname text,
    status text, "launchedAt" timestamptz, "farmRoleId" int, "imageId" uuid)`;
  const gone = await sql<{ id: string }>`
    UPDATE servers s SET status = 'terminated', terminated_at = ${at}, version = version + 1
    WHERE s.farm_id = ${farmId} AND ${isThere('s')}
      AND NOT EXISTS (SELECT FROM ${wanted} WHERE w."cloudServerId" = s.cloud_server_id)
    RETURNING s.id`.execute(tx);
  await note(tx, gone.rows, at, 'It is not in its cloud any more');
  await sql`DELETE FROM servers s WHERE s.farm_id = ${farmId} AND s.terminated_at < ${at}::timestamptz - ${keptFor}`.execute(
    tx,
  );
  await changeServers(tx, farmId, wanted, at);
  const added = await sql<{ id: string }>`
    INSERT INTO servers (farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform, cloud_location,
      cloud_server_id, hostname, server_index, status, launch_reason, launched_at)
    SELECT fr.farm_id, fr.id, fr.account_id, fr.environment_id, w."imageId", fr.cloud_platform, fr.cloud_location,
      w."cloudServerId", w.hostname, ${nextIndex('w."cloudServerId"')}, w.status, 'Found in its cloud',
      coalesce(w."launchedAt", ${at})
    FROM ${wanted} JOIN farm_roles fr ON fr.id = w."farmRoleId"
    WHERE NOT EXISTS (SELECT FROM servers s WHERE s.farm_id = ${farmId} AND s.cloud_server_id = w."cloudServerId"
      AND ${isThere('s')})
    RETURNING id`.execute(tx);
  await note(tx, added.rows, at, 'Found in its cloud');
}

/** Numbers within a farm role go on from the highest. */
function nextIndex(order: string): RawBuilder<number> {
  return sql<number>`(SELECT coalesce(max(known.server_index), 0) FROM servers known WHERE known.farm_role_id = fr.id
    AND ${isThere('known')}) + row_number() OVER (PARTITION BY fr.id ORDER BY ${sql.raw(order)})`;
}

async function changeServers(
  tx: Db,
  farmId: number,
  wanted: RawBuilder<unknown>,
  at: Date,
): Promise<void> {
  const { rows } = await sql<{ id: string; is_other_status: boolean }>`
    WITH differing AS (
      SELECT s.id, w.*, s.status <> w.status AS is_other_status,
        CASE WHEN s.farm_role_id = w."farmRoleId" THEN s.server_index ELSE ${nextIndex('s.id')} END AS number
      FROM ${wanted} JOIN servers s ON s.farm_id = ${farmId} AND s.cloud_server_id = w."cloudServerId" AND ${isThere('s')}
      JOIN farm_roles fr ON fr.id = w."farmRoleId"
      WHERE (s.farm_role_id, s.image_id, s.status, s.hostname)
        IS DISTINCT FROM (w."farmRoleId", w."imageId", w.status, w.hostname))
    UPDATE servers s SET farm_role_id = d."farmRoleId", image_id = d."imageId", status = d.status,
      hostname = d.hostname, server_index = d.number, version = s.version + 1
    FROM differing d WHERE s.id = d.id RETURNING s.id, d.is_other_status`.execute(tx);
  if (rows.length === 0) return;
  // One may have been set up anew from another image.
  await sql`INSERT INTO image_uses AS known (image_id, account_id, environment_id, at)
    SELECT s.image_id, s.account_id, s.environment_id, max(s.launched_at) FROM servers s
    WHERE s.farm_id = ${farmId} AND s.id = ANY(${rows.map(({ id }) => id)}::uuid[]) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (image_id, account_id, environment_id) DO UPDATE SET at = greatest(known.at, EXCLUDED.at)`.execute(
    tx,
  );
  const moved = rows.filter((row) => row.is_other_status);
  await note(tx, moved, at, 'Its cloud says so');
}

async function note(
  tx: Db,
  rows: readonly { id: string }[],
  at: Date,
  reason: string,
): Promise<void> {
  if (rows.length === 0) return;
  await noteServerEvents(
    tx,
    rows.map(({ id }) => id),
    { at, actor, reason },
  );
}

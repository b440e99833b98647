import { type RawBuilder, sql } from 'kysely';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { Launch } from '../../../domain/launches.ts';
import type { ServerFacts } from '../../../domain/servers.ts';
import type { Db } from '../../connection/connection.ts';
import { joinCurrentImage } from './usage.ts';

/** Why and when servers are launched, and by whom. */
export interface LaunchStamp {
  at: Date;
  reason: string;
  by: string | null;
}

/**
 * Starts servers, each on the image that its Role has now at its place, and notes when image and Role
 * were last used. The cloud is simulated: they run at once, with an id and addresses made up from theirs
 * (public ones from a range that leads nowhere, RFC 5737).
 * @returns their ids
 */
export async function launchServers(
  tx: Db,
  launches: readonly Launch[],
  { at, reason, by }: LaunchStamp,
): Promise<string[]> {
  if (launches.length === 0) return [];
  const { rows } = await sql<{ id: string; image_id: string }>`
    WITH start AS MATERIALIZED (
      SELECT gen_random_uuid() AS id, farm_role_id, server_index
      FROM unnest(${launches.map((one) => one.farmRoleId)}::int[], ${launches.map((one) => one.index)}::int[])
        AS wanted (farm_role_id, server_index))
    INSERT INTO servers (id, farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform,
      cloud_location, cloud_server_id, instance_type, hostname, public_ip, private_ip, server_index, status,
      launch_reason, launched_by, launched_at)
    SELECT start.id, fr.farm_id, fr.id, fr.account_id, fr.environment_id, current.id, fr.cloud_platform,
      fr.cloud_location, CASE fr.cloud_platform WHEN 'ec2' THEN 'i-0' ELSE '' END || substr(md5(start.id::text), 1, 16),
      fr.instance_type, lower(left(fr.alias, 55)) || '-' || start.server_index,
      inet '203.0.113.1' + ('x' || substr(md5(start.id::text), 1, 6))::bit(24)::int % 254,
      inet '10.0.0.0' + ('x' || substr(md5(start.id::text), 17, 6))::bit(24)::int, start.server_index, 'running',
      ${reason}, ${by}, ${at}
    FROM start JOIN farm_roles fr ON fr.id = start.farm_role_id ${joinCurrentImage('fr')}
    RETURNING id, image_id`.execute(tx);
  await noteUse(tx, launches, [...new Set(rows.map((row) => row.image_id))], at);
  return rows.map((row) => row.id);
}

/** In the order of their ids, since two accounts may use the same Corporate ones at once. */
async function noteUse(
  tx: Db,
  launches: readonly Launch[],
  imageIds: readonly string[],
  at: Date,
): Promise<void> {
  const farmRoleIds = [...new Set(launches.map((one) => one.farmRoleId))];
  const note = (table: string, used: RawBuilder<unknown>) => sql`
    UPDATE ${sql.table(table)} x SET last_used_at = ${at} FROM (
      SELECT id FROM ${sql.table(table)} WHERE id IN (${used}) ORDER BY id FOR NO KEY UPDATE) used
    WHERE x.id = used.id`;
  await note('images', sql`SELECT unnest(${imageIds}::uuid[])`).execute(tx);
  await note(
    'roles',
    sql`SELECT role_id FROM farm_roles WHERE id = ANY(${farmRoleIds}::int[])`,
  ).execute(tx);
}

/** The servers of a farm that have not ended, or one server, as the rules look at them. */
export async function fetchServerFacts(
  tx: Db,
  of: { farmId: number } | { serverId: string },
): Promise<ServerFacts[]> {
  const condition =
    'farmId' in of
      ? sql`s.farm_id = ${of.farmId} AND s.farm_role_id IN (SELECT id FROM farm_roles WHERE farm_id = ${of.farmId})
          AND s.status <> 'terminated'`
      : sql`s.id = ${of.serverId}`;
  const { rows } = await sql<ServerFacts>`
    SELECT s.id, s.status, f.status AS farm_status, s.cloud_platform, i.type AS image_type, r.builtin_automation
    FROM servers s JOIN farm_roles fr ON fr.id = s.farm_role_id JOIN farms f ON f.id = fr.farm_id JOIN roles r ON r.id = fr.role_id
    LEFT JOIN images i ON i.id = s.image_id WHERE ${condition} ORDER BY s.id`.execute(tx);
  return rows;
}

/** Brings servers into a state, and raises their versions; what is terminated says when, and loses its addresses. */
export async function setServerStatus(
  tx: Db,
  ids: readonly string[],
  status: ServerStatus,
  at: Date,
): Promise<void> {
  const ended = status === 'terminated';
  await sql`UPDATE servers SET status = ${status}, version = version + 1,
      terminated_at = ${ended ? at : null}::timestamptz
      ${ended ? sql`, public_ip = NULL, private_ip = NULL` : sql``}
    WHERE id = ANY(${ids}::uuid[])`.execute(tx);
}

/** Names a server and raises its version. */
export async function setHostname(tx: Db, id: string, hostname: string): Promise<void> {
  const changes = { hostname, version: sql<number>`version + 1` };
  await tx.updateTable('servers').set(changes).where('id', '=', id).execute();
}

/** How many servers of a farm or a farm role have not ended. */
export async function countUnended(
  tx: Db,
  of: { farmId: number } | { farmRoleId: number },
): Promise<number> {
  const condition =
    'farmId' in of
      ? sql`farm_role_id IN (SELECT id FROM farm_roles WHERE farm_id = ${of.farmId})`
      : sql`farm_role_id = ${of.farmRoleId}`;
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM servers WHERE ${condition} AND status <> 'terminated'`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}

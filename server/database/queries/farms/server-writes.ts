import { type RawBuilder, sql } from 'kysely';
import { goneServerStatuses, type ServerStatus } from '#contract/farms/statuses.ts';
import type { Launch } from '../../../domain/farms/launches.ts';
import type { ServerFacts } from '../../../domain/farms/servers.ts';
import type { Db } from '../../connection/connection.ts';
import { sendAhead } from '../../connection/sent-ahead.ts';
import { attachedTo } from '../clouds/environment-clouds.ts';
import { observedAs } from '../observed-farms/observed-as.ts';
import { queueServerReboot, queueServerSteps } from './server-steps.ts';
import { isThere, joinCurrentImage } from './usage.ts';

/** When servers come into another state, who or what brings them there, and why. */
export interface ServerStamp {
  at: Date;
  actor: string;
  reason: string;
  /** What the cloud said, where it said anything. */
  cloudWords?: string | undefined;
}

/**
 * Resolves what servers start from, the image that their Role has now at their place, and has them launched:
 * the cloud is asked once this is committed. Notes when image and Role were last used.
 * @param launchedBy the person who asked for it, if anybody did
 * @returns their ids
 */
export async function launchServers(
  tx: Db,
  launches: readonly Launch[],
  { launchedBy, ...stamp }: ServerStamp & { launchedBy: string | null },
): Promise<string[]> {
  if (launches.length === 0) return [];
  const { rows } = await sql<{ id: string; image_id: string }>`
    INSERT INTO servers (farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform,
      cloud_credentials_id, cloud_location, instance_type, hostname, server_index, status, launch_reason, launched_by, launched_at)
    SELECT fr.farm_id, fr.id, fr.account_id, fr.environment_id, current.id, fr.cloud_platform,
      ${attachedTo('fr')}, fr.cloud_location, fr.instance_type, lower(left(fr.alias, 55)) || '-' || wanted.server_index,
      wanted.server_index, 'pending_launch', ${stamp.reason}, ${launchedBy}, ${stamp.at}
    FROM unnest(${launches.map((one) => one.farmRoleId)}::int[], ${launches.map((one) => one.index)}::int[])
      AS wanted (farm_role_id, server_index)
    JOIN farm_roles fr ON fr.id = wanted.farm_role_id ${joinCurrentImage('fr')}
    RETURNING id, image_id`.execute(tx);
  const ids = rows.map((row) => row.id);
  await noteSteps(tx, ids, stamp);
  // Last, since launches all over the fleet meet on the rows of what they share, and hold them until they commit.
  await noteUse(tx, launches, [...new Set(rows.map((row) => row.image_id))], stamp.at);
  return ids;
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
  const roleIds = sql`SELECT role_id FROM farm_roles WHERE id = ANY(${farmRoleIds}::int[])`;
  await sendAhead(tx, note('images', sql`SELECT unnest(${imageIds}::uuid[])`).compile(tx));
  await sendAhead(tx, note('roles', roleIds).compile(tx));
}

/** The servers of a farm that have not ended, or one server, as the rules look at them. */
export async function fetchServerFacts(
  tx: Db,
  of: { farmId: number } | { serverId: string },
): Promise<ServerFacts[]> {
  const condition =
    'farmId' in of
      ? sql`s.farm_id = ${of.farmId} AND s.farm_role_id IN (SELECT id FROM farm_roles WHERE farm_id = ${of.farmId})
          AND ${isThere('s')}`
      : sql`s.id = ${of.serverId}`;
  const { rows } = await sql<ServerFacts>`
    SELECT s.id, s.status, s.image_id, f.status AS farm_status, s.cloud_platform, i.type AS image_type, r.builtin_automation,
      cc.name AS credentials_name, cc.rights AS cloud_rights, ${observedAs('s.farm_id')} AS observed
    FROM servers s JOIN farm_roles fr ON fr.id = s.farm_role_id JOIN farms f ON f.id = fr.farm_id JOIN roles r ON r.id = fr.role_id
    LEFT JOIN images i ON i.id = s.image_id LEFT JOIN cloud_credentials cc ON cc.id = s.cloud_credentials_id
    WHERE ${condition} ORDER BY s.id`.execute(tx);
  return rows;
}

/**
 * Brings servers into a state, raises their versions and writes the step down; what has gone says when, and
 * loses its addresses. What is on its way from then on is brought on in its cloud.
 */
export async function setServerStatus(
  tx: Db,
  ids: readonly string[],
  status: ServerStatus,
  stamp: ServerStamp,
): Promise<void> {
  if (ids.length === 0) return;
  const isGone = (goneServerStatuses as readonly string[]).includes(status);
  const update = sql`UPDATE servers SET status = ${status}, version = version + 1,
      terminated_at = ${isGone ? stamp.at : null}::timestamptz
      ${isGone ? sql`, public_ip = NULL, private_ip = NULL` : sql``}
    WHERE id = ANY(${ids}::uuid[])`;
  await sendAhead(tx, update.compile(tx));
  await noteSteps(tx, ids, stamp);
}

/** Moves a server that was found into a farm role of Slipway's own; it is asked about with the credentials that found it. */
export async function takeServerIn(
  tx: Db,
  id: string,
  { farmRoleId, index }: Launch,
  stamp: ServerStamp,
): Promise<void> {
  await sql`
    UPDATE servers s SET farm_id = fr.farm_id, farm_role_id = fr.id, server_index = ${index}, launch_reason = ${stamp.reason},
      launched_by = ${stamp.actor}, version = s.version + 1,
      cloud_credentials_id = (SELECT o.credentials_id FROM observed_farms o WHERE o.farm_id = s.farm_id)
    FROM farm_roles fr WHERE fr.id = ${farmRoleId} AND s.id = ${id}`.execute(tx);
  await noteServerEvents(tx, [id], stamp);
}

/** Has a server rebooted in its cloud, and writes it down. */
export async function rebootServer(
  tx: Db,
  id: string,
  { hard, ...stamp }: ServerStamp & { hard: boolean },
): Promise<void> {
  await noteServerEvents(tx, [id], stamp);
  await queueServerReboot(tx, id, hard);
}

/** Writes down which state servers have come into, and queues what they have to do in their cloud. */
async function noteSteps(tx: Db, ids: readonly string[], stamp: ServerStamp): Promise<void> {
  await noteServerEvents(tx, ids, stamp);
  await queueServerSteps(tx, sql`s.id = ANY(${ids}::uuid[])`);
}

/** Writes a step down for each server, with the state that it is in. */
export async function noteServerEvents(
  tx: Db,
  ids: readonly string[],
  stamp: ServerStamp,
): Promise<void> {
  const insert = sql`
    INSERT INTO server_events (server_id, farm_id, account_id, at, status, actor, reason, cloud_words)
    SELECT id, farm_id, account_id, ${stamp.at}, status, ${stamp.actor}, ${stamp.reason},
      ${stamp.cloudWords ?? null}
    FROM servers WHERE id = ANY(${ids}::uuid[])`;
  await sendAhead(tx, insert.compile(tx));
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
    SELECT count(*)::int AS count FROM servers WHERE ${condition} AND ${isThere('servers')}`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}

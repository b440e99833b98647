import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { KeptFarmRole } from '../../../domain/farms/keeping.ts';
import type { Db } from '../../connection/connection.ts';
import { isLive } from './usage.ts';
import { mailKind } from './owner-messages.ts';
import { oldGroups, selectUsageRows, type UsageFilters, type UsageRow } from './usage-rows.ts';

/** An owner of what the filters find, or found when they were written to, and what is known of contacts. */
export interface OwnerContactRow {
  id: number;
  name: string;
  email: string;
  status: 'active' | 'suspended';
  farms: number;
  farm_roles: number;
  servers: number;
  /** Farm roles on old images about which nobody wrote, and the owner said nothing. */
  untold: number;
  /** Farm roles for which the owner has said until when. */
  asked: number;
  /** The first of these days, `2026-12-31`. */
  asked_until: string | null;
  /** Of the last messages about the farm roles: how many are on their way, and failed. */
  sending: number;
  failed: number;
  at: Date | null;
  words: string | null;
}

const conditions = (scope: ScopeRef, filters: UsageFilters) =>
  sql.join(oldGroups(scope, filters), sql` AND `);

/**
 * All owners at and below a scope under the filters, those with the most servers on old images first: with what
 * runs old images now, and those who were written to and have none any more.
 * @param ownerId only this one
 */
export async function fetchOwnerContacts(
  tx: Db,
  scope: ScopeRef,
  filters: UsageFilters,
): Promise<OwnerContactRow[]> {
  const where = conditions(scope, filters);
  const { rows } = await sql<OwnerContactRow>`
    WITH affected AS (
      SELECT f.owner_id, g.id, g.farm_id, g.servers
      FROM server_groups g JOIN farms f ON f.id = g.farm_id WHERE ${where}),
    known AS (
      SELECT g.owner_id, g.id, g.message_id, g.asked_until
      FROM (SELECT c.*, true AS old FROM owner_contacts c) g WHERE ${where}),
    parts AS (
      SELECT coalesce(a.owner_id, k.owner_id) AS owner_id, a.id IS NOT NULL AS is_old, a.farm_id, a.servers,
        k.message_id, k.asked_until
      FROM affected a FULL JOIN known k ON k.owner_id = a.owner_id AND k.id = a.id)
    SELECT u.id, u.name, u.email, u.status,
      count(DISTINCT p.farm_id)::int AS farms, count(*) FILTER (WHERE p.is_old)::int AS farm_roles,
      coalesce(sum(p.servers), 0)::int AS servers,
      count(*) FILTER (WHERE p.is_old AND p.message_id IS NULL AND p.asked_until IS NULL)::int AS untold,
      count(*) FILTER (WHERE p.is_old AND p.asked_until IS NOT NULL)::int AS asked,
      min(p.asked_until) FILTER (WHERE p.is_old)::text AS asked_until,
      count(*) FILTER (WHERE p.is_old AND 'queued' IN (m.mail, m.webhook))::int AS sending,
      count(*) FILTER (WHERE p.is_old AND 'failed' IN (m.mail, m.webhook))::int AS failed,
      max(m.at) AS at,
      max(coalesce(m.mail_words, m.webhook_words, job.error)) FILTER (WHERE p.is_old) AS words
    FROM parts p JOIN users u ON u.id = p.owner_id
    LEFT JOIN owner_messages m ON m.id = p.message_id
    LEFT JOIN outbox job ON job.kind = ${sql.lit(mailKind)} AND job.subject = m.id::text AND job.done_at IS NULL
    GROUP BY u.id
    ORDER BY coalesce(sum(p.servers), 0) DESC, u.name, u.id`.execute(tx);
  return rows;
}

/** Every row of usage of some owners under the filters, by farm and role. */
export async function fetchRowsOfOwners(
  tx: Db,
  scope: ScopeRef,
  filters: UsageFilters,
  owners: readonly number[],
): Promise<UsageRow[]> {
  if (owners.length === 0) return [];
  const where = [...oldGroups(scope, filters), sql`f.owner_id = ANY(${owners}::int[])`];
  const order = sql`ORDER BY f.name, f.id, fr.alias, g.id`;
  return (await selectUsageRows(where, order).execute(tx)).rows;
}

/** How farm roles are kept, by id. */
export async function fetchKeptFarmRoles(
  tx: Db,
  ids: readonly number[],
): Promise<Map<number, KeptFarmRole>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<KeptFarmRole & { id: number }>`
    SELECT fr.id, f.status AS farm_status, fr.scaling_enabled, fr.min_servers, fr.max_servers,
      (SELECT coalesce(sum(g.servers), 0)::int FROM server_groups g WHERE g.farm_role_id = fr.id) AS live
    FROM farm_roles fr JOIN farms f ON f.id = fr.farm_id WHERE fr.id = ANY(${ids}::int[])`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Names of servers by row of usage, the first of each by number. */
export async function fetchServerNames(
  tx: Db,
  rowIds: readonly string[],
  atMost: number,
): Promise<Map<string, { index: number; cloudServerId: string | null }[]>> {
  const farmRoles = rowIds.map((id) => Number.parseInt(id, 10));
  const images = rowIds.map((id) => id.slice(id.indexOf(':') + 1));
  const { rows } = await sql<{
    id: string;
    servers: { index: number; cloudServerId: string | null }[];
  }>`
    SELECT wanted.farm_role_id || ':' || wanted.image_id AS id, named.servers
    FROM unnest(${farmRoles}::int[], ${images}::uuid[]) AS wanted (farm_role_id, image_id)
    CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('index', s.server_index, 'cloudServerId', s.cloud_server_id)
        ORDER BY s.server_index) AS servers
      FROM (SELECT s.server_index, s.cloud_server_id FROM servers s
        WHERE s.farm_role_id = wanted.farm_role_id AND s.image_id = wanted.image_id AND ${isLive('s')}
        ORDER BY s.server_index LIMIT ${atMost}) s) named
    WHERE named.servers IS NOT NULL`.execute(tx);
  return new Map(rows.map(({ id, servers }) => [id, servers]));
}

/** Writes down that these rows were what a message was about, or what its owner spoke of. */
export async function noteContacts(
  tx: Db,
  rows: readonly UsageRow[],
  of: { messageIds: ReadonlyMap<number, string> } | { askedUntil: string },
  today: string,
): Promise<void> {
  const told = 'messageIds' in of;
  // A day that is still to come holds, whoever writes in the meantime.
  const kept: RawBuilder<unknown> = sql`CASE WHEN c.asked_until >= ${today}::date THEN c.asked_until END`;
  const set = told
    ? sql`message_id = excluded.message_id, asked_until = ${kept}`
    : sql`asked_until = excluded.asked_until`;
  await sql`
    INSERT INTO owner_contacts AS c (owner_id, farm_role_id, image_id, farm_id, account_id, environment_id,
      stale, deprecated, message_id, asked_until)
    SELECT * FROM unnest(${rows.map((row) => row.owner_id)}::int[], ${rows.map((row) => row.farm_role_id)}::int[],
      ${rows.map((row) => row.image_id)}::uuid[], ${rows.map((row) => row.farm_id)}::int[],
      ${rows.map((row) => row.account_id)}::int[], ${rows.map((row) => row.environment_id)}::int[],
      ${rows.map((row) => row.stale)}::bool[], ${rows.map((row) => row.deprecated)}::bool[],
      ${rows.map((row) => (told ? (of.messageIds.get(row.owner_id) ?? null) : null))}::uuid[],
      ${rows.map(() => (told ? null : of.askedUntil))}::date[])
    ON CONFLICT (owner_id, farm_role_id, image_id) DO UPDATE
    SET stale = excluded.stale, deprecated = excluded.deprecated, ${set}`.execute(tx);
}

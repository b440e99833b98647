import { type RawBuilder, sql } from 'kysely';
import { endedServerStatuses } from '#contract/servers.ts';
import type { Db } from './connection.ts';

// The one place that says in SQL what is live, stale and old: docs/domain.md, "Usage and staleness".

/** The server counts for usage and staleness: it is not ending and has not ended. */
export function isLive(servers: string): RawBuilder<boolean> {
  const ended = sql.join(endedServerStatuses.map((status) => sql.lit(status)));
  return sql<boolean>`${sql.raw(servers)}.status NOT IN (${ended})`;
}

/**
 * Whether what runs is another cloud image than what the role has now. Cloud images are compared, not
 * rows, since one cloud image may be registered at several scopes. Both are aliases of `images`.
 */
export function isStale(ran: string, current: string): RawBuilder<boolean> {
  const [a, b] = [sql.raw(ran), sql.raw(current)];
  return sql<boolean>`((${a}.cloud_platform, ${a}.cloud_image_id) <> (${b}.cloud_platform, ${b}.cloud_image_id))`;
}

/** Stale, or deprecated, or both. Null where nothing runs yet. */
export function isOld(ran: string, current: string): RawBuilder<boolean> {
  return sql<boolean>`(${isStale(ran, current)} OR ${sql.raw(ran)}.deprecated_at IS NOT NULL)`;
}

/** Joins the image that a farm role's Role has now at its place: `role_image` and `current` (images). */
export function joinCurrentImage(farmRoles: string): RawBuilder<unknown> {
  const fr = sql.raw(farmRoles);
  return sql`JOIN role_images role_image ON role_image.role_id = ${fr}.role_id
      AND role_image.cloud_platform = ${fr}.cloud_platform AND role_image.cloud_location = ${fr}.image_location
    JOIN images current ON current.id = role_image.image_id`;
}

/**
 * Live servers put together by farm role and image. Servers are counted first, over their index, and
 * joined after, so that the cost is that of the fleet's groups and not of its servers.
 *
 * Columns: farm_role_id, farm_id, role_id, account_id, environment_id, cloud_platform, cloud_location,
 * image_id (null while a server waits to be launched), role_image_id, servers, live (all live servers of
 * the farm role), stale, deprecated, old, since (the moment from which the image is old there; null when
 * it is not, or when that is not known).
 * @param servers a condition on `s` (servers) that takes or leaves farm roles as a whole
 */
export function liveGroups(servers: RawBuilder<unknown>): RawBuilder<unknown> {
  const replacedAt = sql`SELECT history.at FROM role_image_history history
    WHERE history.role_id = fr.role_id AND history.cloud_platform = fr.cloud_platform
      AND history.cloud_location = fr.image_location AND history.old_image_id = counted.image_id
    ORDER BY history.id DESC LIMIT 1`;
  return sql`(SELECT fr.id AS farm_role_id, fr.farm_id, fr.role_id, fr.account_id, fr.environment_id,
      fr.cloud_platform, fr.cloud_location, counted.image_id, role_image.image_id AS role_image_id,
      counted.servers, counted.live,
      coalesce(${isStale('ran', 'current')}, false) AS stale,
      ran.deprecated_at IS NOT NULL AS deprecated,
      coalesce(${isOld('ran', 'current')}, false) AS old,
      least(ran.deprecated_at, CASE WHEN ${isStale('ran', 'current')} THEN (${replacedAt}) END) AS since
    FROM (SELECT s.farm_role_id, s.image_id, count(*)::int AS servers,
        (sum(count(*)) OVER (PARTITION BY s.farm_role_id))::int AS live
      FROM servers s WHERE ${isLive('s')} AND ${servers}
      GROUP BY s.farm_role_id, s.image_id) counted
    JOIN farm_roles fr ON fr.id = counted.farm_role_id
    ${joinCurrentImage('fr')}
    LEFT JOIN images ran ON ran.id = counted.image_id)`;
}

/** How many live servers something has, and how many of them run an old image. */
export interface ServerCounts {
  live: number;
  old: number;
}

/**
 * Counts live and old servers by one column of `liveGroups`.
 * @param servers as for `liveGroups`
 * @returns a count for each value that has live servers
 */
export async function countServersBy(
  tx: Db,
  column: 'farm_id' | 'farm_role_id' | 'role_id',
  servers: RawBuilder<unknown>,
): Promise<Map<number, ServerCounts>> {
  const by = sql.raw(`g.${column}`);
  const { rows } = await sql<ServerCounts & { id: number }>`
    SELECT ${by} AS id, sum(g.servers)::int AS live,
      coalesce(sum(g.servers) FILTER (WHERE g.old), 0)::int AS old
    FROM ${liveGroups(servers)} g GROUP BY ${by}`.execute(tx);
  return new Map(rows.map(({ id, live, old }) => [id, { live, old }]));
}

import { type RawBuilder, sql } from 'kysely';
import { endedServerStatuses, goneServerStatuses } from '#contract/farms/statuses.ts';
import { isDeprecatedAt } from '../images/same-cloud-image.ts';
import type { Db } from '../../connection/connection.ts';

// The one place that says in SQL what is live, stale and old: docs/domain.md, "Usage and staleness".

/** The server counts for usage and staleness: it is not ending and has not ended. */
export function isLive(servers: string): RawBuilder<boolean> {
  return isNoneOf(servers, endedServerStatuses);
}

/** Something of the server may be left in its cloud: it has not ended yet, and did not fail to start. */
export function isThere(servers: string): RawBuilder<boolean> {
  return isNoneOf(servers, goneServerStatuses);
}

function isNoneOf(servers: string, statuses: readonly string[]): RawBuilder<boolean> {
  const listed = sql.join(statuses.map((status) => sql.lit(status)));
  return sql<boolean>`${sql.raw(servers)}.status NOT IN (${listed})`;
}

/**
 * Whether what runs is another cloud image than what the role has now. Cloud images are compared, not
 * rows, since one cloud image may be registered at several scopes. Both are aliases of `images`.
 */
export function isStale(ran: string, current: string): RawBuilder<boolean> {
  const [a, b] = [sql.raw(ran), sql.raw(current)];
  return sql<boolean>`((${a}.cloud_platform, ${a}.cloud_image_id) <> (${b}.cloud_platform, ${b}.cloud_image_id))`;
}

/** Stale, or deprecated where `at` (a server) is, or both. Null where nothing runs yet. */
export function isOld(ran: string, current: string, at: string): RawBuilder<boolean> {
  return sql<boolean>`(${isStale(ran, current)} OR ${isDeprecatedAt(ran, at)})`;
}

/** Joins the image that a farm role's Role has now at its place: `role_image` and `current` (images). */
export function joinCurrentImage(farmRoles: string): RawBuilder<unknown> {
  const fr = sql.raw(farmRoles);
  return sql`JOIN role_images role_image ON role_image.role_id = ${fr}.role_id
      AND role_image.cloud_platform = ${fr}.cloud_platform AND role_image.cloud_location = ${fr}.image_location
    JOIN images current ON current.id = role_image.image_id`;
}

/** How many live servers something has, and how many of them run an old image. */
export interface ServerCounts {
  live: number;
  old: number;
}

/**
 * Counts live and old servers by farm or by farm role.
 * @param groups a condition on `g` (server_groups: live servers by farm role and image, kept by triggers)
 * @returns a count for each value that has live servers
 */
export async function countServersBy(
  tx: Db,
  column: 'farm_id' | 'farm_role_id',
  groups: RawBuilder<unknown>,
): Promise<Map<number, ServerCounts>> {
  const by = sql.raw(`g.${column}`);
  const { rows } = await sql<ServerCounts & { id: number }>`
    SELECT ${by} AS id, sum(g.servers)::int AS live,
      coalesce(sum(g.servers) FILTER (WHERE g.old), 0)::int AS old
    FROM server_groups g WHERE ${groups} GROUP BY ${by}`.execute(tx);
  return new Map(rows.map(({ id, live, old }) => [id, { live, old }]));
}

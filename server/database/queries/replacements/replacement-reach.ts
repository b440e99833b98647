import { sql } from 'kysely';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { registrationsOf } from '../images/same-cloud-image.ts';
import { isAt, isAtOrBelow, visibleScopes } from '../organisation/visibility.ts';

/** A live role that holds a registration of an old image's cloud image, with what the rules of a replacement ask and the names of its scope. */
export interface RoleUseRow {
  /** Which of the pairs that were asked for, from 0. */
  pair: number;
  id: number;
  name: string;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  os_name: string;
  os_family: string | null;
  os_generation: string | null;
  use_scalr_agent: boolean;
  /** The registration that it holds. */
  image_id: string;
  held_new_image: boolean;
}

/** The ids of the images of a pair. */
export interface PairIds {
  oldImage: { id: string };
  newImage: { id: string };
}

/**
 * Every live role at and below `scope` that holds the cloud image of an old image, pair by pair and by id;
 * whether it held the new one there before.
 */
export async function fetchRoleUses(
  tx: Db,
  scope: ScopeRef,
  pairs: readonly PairIds[],
): Promise<RoleUseRow[]> {
  // As arrays, so that indexes are used for each pair, whatever the statistics say.
  const select = sql<RoleUseRow>`
    WITH pair AS MATERIALIZED (
      SELECT n - 1 AS n, ${registrationsOf(sql`asked.old_id`)} AS held, ${registrationsOf(sql`asked.new_id`)} AS given
      FROM unnest(${pairs.map(({ oldImage }) => oldImage.id)}::uuid[],
        ${pairs.map(({ newImage }) => newImage.id)}::uuid[]) WITH ORDINALITY AS asked (old_id, new_id, n))
    SELECT pair.n::int AS pair, r.id, r.name, r.scope, r.account_id, r.environment_id,
      a.name AS account_name, e.name AS environment_name,
      os.name AS os_name, os.family AS os_family, os.generation AS os_generation, r.use_scalr_agent,
      ri.image_id,
      EXISTS (
        SELECT FROM role_image_history h
        WHERE (h.role_id, h.cloud_platform, h.cloud_location) = (ri.role_id, ri.cloud_platform, ri.cloud_location)
          AND h.old_image_id = ANY(pair.given)) AS held_new_image
    FROM pair
    JOIN role_images ri ON ri.image_id = ANY(pair.held)
    JOIN roles r ON r.id = ri.role_id AND r.deleted_at IS NULL
    JOIN os ON os.id = r.os_id
    LEFT JOIN accounts a ON a.id = r.account_id
    LEFT JOIN environments e ON e.id = r.environment_id
    WHERE ${isAtOrBelow('r', scope)}
    ORDER BY pair.n, r.id`;
  return ask(tx, select.compile(tx));
}

/** Which live roles to count: those above a scope, inherited from there, or those at and below it. */
export interface HolderCount {
  imageId: string;
  of: 'above' | 'below';
}

/** How many live roles hold the cloud image of each image, by their scope; in the order in which it is asked. */
export async function countHolders(
  tx: Db,
  scope: ScopeRef,
  asked: readonly HolderCount[],
): Promise<Partial<Record<Scope, number>>[]> {
  const above = visibleScopes(scope).slice(1);
  const isAbove =
    above.length === 0
      ? sql`false`
      : sql`(${sql.join(
          above.map((place) => sql`(${isAt('r', place)})`),
          sql` OR `,
        )})`;
  const count = sql<{ n: number; scope: Scope; roles: number }>`
    SELECT asked.n::int AS n, held.scope, held.roles
    FROM unnest(${asked.map(({ imageId }) => imageId)}::uuid[], ${asked.map(({ of }) => of)}::text[])
      WITH ORDINALITY AS asked (image_id, of, n)
    CROSS JOIN LATERAL (
      SELECT r.scope, count(*) AS roles FROM role_images ri
      JOIN roles r ON r.id = ri.role_id AND r.deleted_at IS NULL
      WHERE ri.image_id = ANY(${registrationsOf(sql`asked.image_id`)})
        AND CASE asked.of WHEN 'above' THEN ${isAbove} ELSE ${isAtOrBelow('r', scope)} END
      GROUP BY r.scope) held`;
  const counts: Partial<Record<Scope, number>>[] = asked.map(() => ({}));
  for (const row of await ask(tx, count.compile(tx))) {
    const counted = counts[row.n - 1];
    if (counted) counted[row.scope] = row.roles;
  }
  return counts;
}

/** A role and the image that it holds in its place. */
export interface HeldPlace {
  roleId: number;
  imageId: string;
}

/** A farm that starts servers from one of these places. */
export interface FarmOfPlace {
  /** Which of the places that were asked for, from 0. */
  place: number;
  farm_id: number;
  farm_roles: number;
  /** Live servers that were started from the cloud image there. */
  servers: number;
  /** Of these, those that are suspended. */
  suspended: number;
  /** Of these, those that were launched on it and have not come up yet. */
  starting: number;
}

/** The farms of each place, with live servers of its cloud image, whichever registration they remember. */
export async function fetchFarmsOfPlaces(
  tx: Db,
  places: readonly HeldPlace[],
): Promise<FarmOfPlace[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<FarmOfPlace>`
    WITH asked AS MATERIALIZED (
      SELECT n - 1 AS n, role_id, i.cloud_platform, i.cloud_location, i.cloud_image_id
      FROM unnest(${places.map(({ roleId }) => roleId)}::int[], ${places.map(({ imageId }) => imageId)}::uuid[])
        WITH ORDINALITY AS asked (role_id, image_id, n) JOIN images i ON i.id = asked.image_id)
    SELECT asked.n::int AS place, fr.farm_id, count(*)::int AS farm_roles,
      coalesce(sum(running.servers), 0)::int AS servers, coalesce(sum(running.suspended), 0)::int AS suspended,
      coalesce(sum(running.starting), 0)::int AS starting
    FROM asked
    JOIN farm_roles fr ON (fr.role_id, fr.cloud_platform, fr.image_location)
      = (asked.role_id, asked.cloud_platform, asked.cloud_location)
    LEFT JOIN LATERAL (
      SELECT sum(g.servers) AS servers, sum(part.suspended) AS suspended, sum(part.starting) AS starting
      FROM server_groups g JOIN images started ON started.id = g.image_id
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE s.status = 'suspended') AS suspended,
          count(*) FILTER (WHERE s.status <> 'suspended') AS starting
        FROM servers s WHERE s.farm_role_id = fr.id AND s.image_id = g.image_id
          AND s.status IN ('suspended', 'pending_launch', 'pending', 'initializing')) part
      WHERE g.farm_role_id = fr.id AND (started.cloud_platform, started.cloud_image_id)
        = (asked.cloud_platform, asked.cloud_image_id)) running ON true
    GROUP BY asked.n, fr.farm_id`.execute(tx);
  return rows;
}

/** A farm with whom to talk to about it. */
export interface FarmInShort {
  id: number;
  name: string;
  account_id: number;
  account_name: string;
  environment_id: number;
  environment_name: string;
  owner_id: number;
  owner_name: string;
  owner_email: string;
}

/** Farms by id, with owner and environment. */
export async function fetchFarmsInShort(
  tx: Db,
  ids: readonly number[],
): Promise<Map<number, FarmInShort>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('farms as f')
    .innerJoin('accounts as a', 'a.id', 'f.account_id')
    .innerJoin('environments as e', 'e.id', 'f.environment_id')
    .innerJoin('users as u', 'u.id', 'f.owner_id')
    .where('f.id', 'in', ids)
    .select(['f.id', 'f.name', 'f.account_id', 'a.name as account_name'])
    .select(['f.environment_id', 'e.name as environment_name'])
    .select(['u.id as owner_id', 'u.name as owner_name', 'u.email as owner_email'])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

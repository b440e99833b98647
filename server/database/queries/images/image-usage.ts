import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isSameCloudImage, registrationsOf } from './same-cloud-image.ts';
import { isLive } from '../farms/usage.ts';
import { naturally } from '../lists/natural-order.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

/** `fr` (farm role) starts its servers from `ri` (role image). */
export const startsFrom = sql`fr.role_id = ri.role_id AND fr.cloud_platform = ri.cloud_platform
  AND fr.image_location = ri.cloud_location`;

export interface ImageUseCounts {
  roles: number;
  /** Farms that run it, or whose roles would start it. */
  farms: number;
  /** Live ones. */
  servers: number;
}

/**
 * Uses of each image at and below a scope; images without any are in the answer too. All registrations of
 * its cloud image count as the image (docs/domain.md, "One machine image, several registrations"); with
 * `ownOnly`, only the row itself does.
 */
export async function countImageUsage(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
  { ownOnly = false } = {},
): Promise<Map<string, ImageUseCounts>> {
  const wanted = ownOnly
    ? sql`SELECT id, id AS image_id FROM unnest(${ids}::uuid[]) AS id`
    : sql`SELECT i.id, same.id AS image_id FROM images i JOIN images same
        ON ${isSameCloudImage('same', 'i')} AND same.deleted_at IS NULL WHERE i.id = ANY(${ids}::uuid[])`;
  // As an array, whatever the planner believes of its length, the registrations are looked up in indexes.
  const registrations = sql`ANY(ARRAY(SELECT image_id FROM wanted))`;
  const { rows } = await sql<ImageUseCounts & { id: string }>`
    WITH wanted AS MATERIALIZED (${wanted}),
    held AS (
      SELECT ri.image_id, count(*) AS roles FROM role_images ri JOIN roles r ON r.id = ri.role_id
      WHERE ri.image_id = ${registrations} AND r.deleted_at IS NULL AND ${isAtOrBelow('r', scope)}
      GROUP BY 1),
    running AS (
      SELECT g.image_id, g.farm_id, sum(g.servers) AS servers FROM server_groups g
      WHERE g.image_id = ${registrations} AND ${isAtOrBelow('g', scope)}
      GROUP BY 1, 2),
    farms AS (
      SELECT image_id, farm_id FROM running
      UNION
      SELECT ri.image_id, fr.farm_id FROM role_images ri JOIN farm_roles fr ON ${startsFrom}
      WHERE ri.image_id = ${registrations} AND ${isAtOrBelow('fr', scope)}),
    counted AS (
      SELECT w.id, sum(held.roles)::bigint AS roles, sum(ran.servers)::bigint AS servers
      FROM wanted w
      LEFT JOIN held USING (image_id)
      LEFT JOIN (SELECT image_id, sum(servers) AS servers FROM running GROUP BY 1) ran USING (image_id)
      GROUP BY 1)
    SELECT asked.id, coalesce(c.roles, 0) AS roles, coalesce(c.servers, 0) AS servers,
      (SELECT count(DISTINCT farms.farm_id) FROM wanted w JOIN farms USING (image_id)
        WHERE w.id = asked.id) AS farms
    FROM unnest(${ids}::uuid[]) AS asked (id) LEFT JOIN counted c ON c.id = asked.id`.execute(tx);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

export interface RoleUseRow {
  id: number;
  name: string;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  deprecated: boolean;
}

/** The first `limit` roles, by name, that hold an image at and below a scope. */
export async function fetchRolesOfImages(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
  limit: number,
): Promise<RoleUseRow[]> {
  const { rows } = await sql<RoleUseRow>`
    SELECT r.id, r.name, r.scope, r.account_id, r.environment_id,
      a.name AS account_name, e.name AS environment_name, r.deprecated_at IS NOT NULL AS deprecated
    FROM roles r
    LEFT JOIN accounts a ON a.id = r.account_id
    LEFT JOIN environments e ON e.id = r.environment_id
    WHERE r.id IN (
        SELECT ri.role_id FROM role_images ri WHERE ri.image_id = ANY(${registrationsOf(...ids)}))
      AND r.deleted_at IS NULL AND ${isAtOrBelow('r', scope)}
    ORDER BY ${naturally(sql`r.name`)}, r.id LIMIT ${limit}`.execute(tx);
  return rows;
}

export interface FarmUseRow {
  id: number;
  name: string;
  account_id: number;
  environment_id: number;
  environment_name: string;
  owner_email: string;
  /** Live servers on the image. */
  servers: number;
}

/** The first `limit` farms, by name, that run an image or would start it, at and below a scope. */
export async function fetchFarmsOfImage(
  tx: Db,
  scope: ScopeRef,
  id: string,
  limit: number,
): Promise<FarmUseRow[]> {
  const { rows } = await sql<FarmUseRow>`
    SELECT f.id, f.name, f.account_id, f.environment_id, e.name AS environment_name,
      owner.email AS owner_email, use.servers
    FROM (
      SELECT farm_id, sum(servers)::bigint AS servers FROM (
        SELECT g.farm_id, sum(g.servers) AS servers FROM server_groups g
        WHERE g.image_id = ANY(${registrationsOf(id)}) AND ${isAtOrBelow('g', scope)} GROUP BY 1
        UNION ALL
        SELECT fr.farm_id, 0 FROM role_images ri JOIN farm_roles fr ON ${startsFrom}
        WHERE ri.image_id = ANY(${registrationsOf(id)}) AND ${isAtOrBelow('fr', scope)}) every GROUP BY 1) use
    JOIN farms f ON f.id = use.farm_id
    JOIN environments e ON e.id = f.environment_id
    JOIN users owner ON owner.id = f.owner_id
    ORDER BY ${naturally(sql`f.name`)}, f.id LIMIT ${limit}`.execute(tx);
  return rows;
}

export interface ServerUses {
  /** Live ones by status. */
  byStatus: Record<string, number>;
  /** Of all live ones, those whose role now has another cloud image there. */
  stale: number;
}

/** Live servers on an image at and below a scope. */
export async function countServersOfImage(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<ServerUses> {
  const { rows } = await sql<ServerUses>`
    SELECT
      coalesce((SELECT jsonb_object_agg(status, servers) FROM (
        SELECT s.status, count(*) AS servers FROM servers s
        WHERE s.image_id = ANY(${registrationsOf(id)}) AND ${isLive('s')} AND ${isAtOrBelow('s', scope)}
        GROUP BY s.status) counted), '{}') AS "byStatus",
      (SELECT coalesce(sum(g.servers), 0) FROM server_groups g
        WHERE g.image_id = ANY(${registrationsOf(id)}) AND g.stale AND ${isAtOrBelow('g', scope)}) AS stale`.execute(
    tx,
  );
  return rows[0] ?? { byStatus: {}, stale: 0 };
}

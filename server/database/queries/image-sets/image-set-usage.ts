import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { startsFrom, type ImageUseCounts } from '../images/image-usage.ts';
import { isSameCloudImage } from '../images/same-cloud-image.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

export interface ImageSetUseCounts extends ImageUseCounts {
  /** Of the servers, those that are stale or on a deprecated image. */
  oldServers: number;
}

/**
 * Uses of each set's images, by whichever registration, at and below a scope; a role or a farm that uses
 * several counts once.
 */
export async function countImageSetUsage(
  tx: Db,
  scope: ScopeRef,
  ids: readonly number[],
): Promise<Map<number, ImageSetUseCounts>> {
  const { rows } = await sql<ImageSetUseCounts & { id: number }>`
    WITH wanted AS MATERIALIZED (
      SELECT DISTINCT i.set_id, same.id FROM images i
      JOIN images same ON ${isSameCloudImage('same', 'i')} AND same.deleted_at IS NULL
      WHERE i.set_id = ANY(${ids}::int[])),
    held AS (
      SELECT w.set_id, count(DISTINCT r.id) AS roles FROM wanted w
      JOIN role_images ri ON ri.image_id = w.id JOIN roles r ON r.id = ri.role_id
      WHERE r.deleted_at IS NULL AND ${isAtOrBelow('r', scope)} GROUP BY 1),
    running AS (
      SELECT w.set_id, g.farm_id, sum(g.servers) AS servers,
        sum(g.servers) FILTER (WHERE g.old) AS old_servers
      FROM wanted w JOIN server_groups g ON g.image_id = w.id
      WHERE ${isAtOrBelow('g', scope)} GROUP BY 1, 2),
    farms AS (
      SELECT set_id, count(DISTINCT farm_id) AS farms FROM (
        SELECT set_id, farm_id FROM running
        UNION ALL
        SELECT w.set_id, fr.farm_id FROM wanted w JOIN role_images ri ON ri.image_id = w.id
        JOIN farm_roles fr ON ${startsFrom} WHERE ${isAtOrBelow('fr', scope)}) every GROUP BY 1),
    servers AS (
      SELECT set_id, sum(servers)::bigint AS servers, sum(old_servers)::bigint AS old_servers
      FROM running GROUP BY 1)
    SELECT w.id, coalesce(held.roles, 0) AS roles, coalesce(farms.farms, 0) AS farms,
      coalesce(servers.servers, 0) AS servers, coalesce(servers.old_servers, 0) AS "oldServers"
    FROM unnest(${ids}::int[]) AS w (id)
    LEFT JOIN held ON held.set_id = w.id
    LEFT JOIN farms ON farms.set_id = w.id
    LEFT JOIN servers ON servers.set_id = w.id`.execute(tx);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { registrationsOf } from '../images/same-cloud-image.ts';
import { isStale } from '../farms/usage.ts';
import { isAt, isAtOrBelow, visibleScopes } from '../organisation/visibility.ts';

/** A live role that holds a registration of an image's cloud image, with what the rules of a replacement ask and the names of its scope. */
export interface RoleUseRow {
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

/** Every live role at and below `scope` that holds one cloud image, by id; whether it held another one there before. */
export async function fetchRoleUses(
  tx: Db,
  scope: ScopeRef,
  oldImageId: string,
  newImageId: string,
): Promise<RoleUseRow[]> {
  const select = sql<RoleUseRow>`
    SELECT r.id, r.name, r.scope, r.account_id, r.environment_id,
      a.name AS account_name, e.name AS environment_name,
      os.name AS os_name, os.family AS os_family, os.generation AS os_generation, r.use_scalr_agent,
      ri.image_id,
      EXISTS (
        SELECT FROM role_image_history h
        WHERE (h.role_id, h.cloud_platform, h.cloud_location) = (ri.role_id, ri.cloud_platform, ri.cloud_location)
          AND h.old_image_id = ANY(${registrationsOf(newImageId)})) AS held_new_image
    FROM role_images ri
    JOIN roles r ON r.id = ri.role_id AND r.deleted_at IS NULL
    JOIN os ON os.id = r.os_id
    LEFT JOIN accounts a ON a.id = r.account_id
    LEFT JOIN environments e ON e.id = r.environment_id
    WHERE ri.image_id = ANY(${registrationsOf(oldImageId)}) AND ${isAtOrBelow('r', scope)}
    ORDER BY r.id`;
  return ask(tx, select.compile(tx));
}

/** How many live roles above `scope`, inherited from there, hold an image's cloud image. */
export async function countInheritedRoles(
  tx: Db,
  scope: ScopeRef,
  imageId: string,
): Promise<number> {
  const above = visibleScopes(scope).slice(1);
  if (above.length === 0) return 0;
  const count = sql<{ roles: number }>`
    SELECT count(*) AS roles FROM role_images ri
    JOIN roles r ON r.id = ri.role_id AND r.deleted_at IS NULL
    WHERE ri.image_id = ANY(${registrationsOf(imageId)})
      AND (${sql.join(
        above.map((place) => sql`(${isAt('r', place)})`),
        sql` OR `,
      )})`;
  const [row] = await ask(tx, count.compile(tx));
  return row?.roles ?? 0;
}

/** Live servers of one farm and role that were started from one cloud image. */
export interface ServersOnImage {
  role_id: number;
  farm_id: number;
  servers: number;
}

/**
 * Live servers of these roles that were started from the cloud image of a row, whichever row of that
 * cloud image they remember; one row per role and farm.
 */
export async function fetchServersOnImage(
  tx: Db,
  imageId: string,
  roleIds: readonly number[],
): Promise<ServersOnImage[]> {
  if (roleIds.length === 0) return [];
  const { rows } = await sql<ServersOnImage>`
    SELECT fr.role_id, g.farm_id, sum(g.servers) AS servers
    FROM images i
    JOIN farm_roles fr ON fr.role_id = ANY(${roleIds}::int[])
      AND fr.cloud_platform = i.cloud_platform AND fr.image_location = i.cloud_location
    JOIN server_groups g ON g.farm_role_id = fr.id
    JOIN images started ON started.id = g.image_id AND NOT ${isStale('started', 'i')}
    WHERE i.id = ${imageId}
    GROUP BY fr.role_id, g.farm_id`.execute(tx);
  return rows;
}

/** A farm with whom to talk to about it. */
export interface FarmInShort {
  id: number;
  name: string;
  account_id: number;
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
    .innerJoin('environments as e', 'e.id', 'f.environment_id')
    .innerJoin('users as u', 'u.id', 'f.owner_id')
    .where('f.id', 'in', ids)
    .select(['f.id', 'f.name', 'f.account_id', 'f.environment_id', 'e.name as environment_name'])
    .select(['u.id as owner_id', 'u.name as owner_name', 'u.email as owner_email'])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

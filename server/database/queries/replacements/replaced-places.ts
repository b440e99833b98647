import { type RawBuilder, sql } from 'kysely';
import type { PairedImage } from '#contract/replacements/replacement-members.ts';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isStale } from '../farms/usage.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';
import { imageInShort, seesRole } from './replacements.ts';

// What replacements changed, as it is now.

type ImageInShort = Omit<PairedImage, 'architecture' | 'imageSet'>;

/** Live servers that run an old image of a replacement, in the roles that it changed. */
export interface OnOldImage {
  replacement_id: string;
  servers: number;
  /** Of these, those whose role has another cloud image now. */
  stale: number;
  /** Of these, those on an image that is old there. */
  old: number;
  farms: number;
}

/** What is left of the old images of these replacements at and below `scope`. */
export async function countOnOldImages(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
): Promise<Map<string, OnOldImage>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<OnOldImage>`
    SELECT pr.replacement_id, sum(g.servers) AS servers, count(DISTINCT g.farm_id) AS farms,
      coalesce(sum(g.servers) FILTER (WHERE g.stale), 0) AS stale,
      coalesce(sum(g.servers) FILTER (WHERE g.old), 0) AS old
    ${serversOnOldImages(scope, ids)} GROUP BY pr.replacement_id`.execute(tx);
  return new Map(rows.map((row) => [row.replacement_id, row]));
}

/** How many of those have been launched and have not come up yet. */
export async function countStartingOnOldImages(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM servers s JOIN (
      SELECT DISTINCT g.farm_role_id, g.image_id ${serversOnOldImages(scope, [id])}) old
      ON (old.farm_role_id, old.image_id) = (s.farm_role_id, s.image_id)
    WHERE s.status IN ('pending_launch', 'pending', 'initializing')`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** The farms with servers on an old image of one replacement, most servers first. */
export async function fetchFarmsOnOldImage(
  tx: Db,
  scope: ScopeRef,
  id: string,
  limit: number,
): Promise<{ farm_id: number; servers: number }[]> {
  const { rows } = await sql<{ farm_id: number; servers: number }>`
    SELECT g.farm_id, sum(g.servers) AS servers
    ${serversOnOldImages(scope, [id])}
    GROUP BY g.farm_id ORDER BY servers DESC, g.farm_id LIMIT ${limit}`.execute(tx);
  return rows;
}

/**
 * Groups `g` of live servers that were started from the old cloud image of a place `pr` of replacements, whatever
 * the roles have now. Cloud images are compared, not rows: one may be registered at several scopes.
 */
export function serversOnOldImages(scope: ScopeRef, ids: readonly string[]): RawBuilder<unknown> {
  // Each side first (OFFSET 0), since both may be hundreds of thousands: joined by the image alone, they were billions.
  // Groups and images are looked up (LATERAL), since the planner takes more roles to be in reach than there are.
  const wanted = sql`replacement_id = ANY(${ids}::uuid[])`;
  return sql`
    FROM (
      SELECT pr.replacement_id, pr.role_id, pr.cloud_platform, pr.cloud_location, old_image.cloud_image_id
      FROM replacement_roles pr JOIN images old_image ON old_image.id = pr.old_image_id
      WHERE pr.${wanted} OFFSET 0) pr
    JOIN (
      SELECT g.*, fr.role_id, fr.cloud_platform, fr.image_location, started.cloud_image_id
      FROM farm_roles fr
      CROSS JOIN LATERAL (SELECT * FROM server_groups WHERE farm_role_id = fr.id OFFSET 0) g
      CROSS JOIN LATERAL (SELECT cloud_platform, cloud_image_id FROM images WHERE id = g.image_id OFFSET 0) started
      WHERE fr.role_id IN (SELECT role_id FROM replacement_roles WHERE ${wanted})
        AND started.cloud_platform = fr.cloud_platform AND ${isAtOrBelow('fr', scope)} OFFSET 0) g
      ON (g.role_id, g.cloud_platform, g.image_location, g.cloud_image_id)
        = (pr.role_id, pr.cloud_platform, pr.cloud_location, pr.cloud_image_id)`;
}

/** One role image that a replacement changed, the role as it is now, and what it holds there now. */
export interface ReplacedPlaceRow {
  id: number;
  name: string;
  scope: Scope;
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  os_name: string;
  os_family: string | null;
  os_generation: string | null;
  use_scalr_agent: boolean;
  deleted_at: Date | null;
  cloud_platform: string;
  cloud_location: string;
  old_image_id: string;
  new_image_id: string;
  old_image: ImageInShort;
  new_image: ImageInShort;
  current_image_id: string | null;
  current_image_name: string | null;
  /** What is there now is the old cloud image again. */
  has_old_image: boolean;
  /** The roll-back that restored it. */
  restored_by_id: string | null;
}

/** What a replacement changed, as far as the viewer at `scope` sees it, by role. */
export async function fetchReplacedPlaces(
  tx: Db,
  scope: ScopeRef,
  replacementId: string,
): Promise<ReplacedPlaceRow[]> {
  // From the few roll-backs: from the place, the planner would look at every replacement that its role ever had.
  const { rows } = await sql<Omit<ReplacedPlaceRow, 'old_image' | 'new_image'>>`
    WITH undone AS MATERIALIZED (
      SELECT place.* FROM replacements back JOIN replacement_roles place ON place.replacement_id = back.id
      WHERE back.rolls_back_id = ${replacementId})
    SELECT r.id, r.name, r.scope, r.account_id, r.environment_id,
      a.name AS account_name, e.name AS environment_name,
      os.name AS os_name, os.family AS os_family, os.generation AS os_generation, r.use_scalr_agent,
      r.deleted_at, pr.cloud_platform, pr.cloud_location, pr.old_image_id, pr.new_image_id,
      ri.image_id AS current_image_id, role_image.name AS current_image_name,
      coalesce(NOT ${isStale('old_image', 'role_image')}, false) AS has_old_image,
      undone.replacement_id AS restored_by_id
    FROM replacement_roles pr
    JOIN images old_image ON old_image.id = pr.old_image_id
    JOIN roles r ON r.id = pr.role_id
    JOIN os ON os.id = r.os_id
    LEFT JOIN accounts a ON a.id = r.account_id
    LEFT JOIN environments e ON e.id = r.environment_id
    LEFT JOIN role_images ri
      ON (ri.role_id, ri.cloud_platform, ri.cloud_location) = (pr.role_id, pr.cloud_platform, pr.cloud_location)
    LEFT JOIN images role_image ON role_image.id = ri.image_id
    LEFT JOIN undone ON (undone.role_id, undone.cloud_platform, undone.cloud_location)
      = (pr.role_id, pr.cloud_platform, pr.cloud_location)
    WHERE pr.replacement_id = ${replacementId} AND ${seesRole(scope)}
    ORDER BY r.id, pr.cloud_platform, pr.cloud_location`.execute(tx);
  const imageOf = await fetchImagesInShort(tx, replacementId);
  return rows.map((row) => ({
    ...row,
    old_image: imageOf(row.old_image_id),
    new_image: imageOf(row.new_image_id),
  }));
}

/** The images that a replacement took and gave: few, in thousands of places. */
async function fetchImagesInShort(
  tx: Db,
  replacementId: string,
): Promise<(id: string) => ImageInShort> {
  const { rows } = await sql<{ image: ImageInShort }>`
    SELECT ${imageInShort('i')} AS image FROM images i WHERE i.id IN (
      SELECT unnest(ARRAY[old_image_id, new_image_id]) FROM replacement_roles
      WHERE replacement_id = ${replacementId})`.execute(tx);
  const images = new Map(rows.map(({ image }) => [image.id, image]));
  return (id) => {
    const image = images.get(id);
    if (!image) throw new Error(`Image ${id} of replacement ${replacementId} is not there`);
    return image;
  };
}

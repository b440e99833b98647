import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { placeColumns } from '../records/operations-log.ts';
import { sendAhead } from '../../connection/sent-ahead.ts';
import { isStale } from '../farms/usage.ts';
import { isAt, isAtOrBelow, isVisible, visibleScopes } from '../organisation/visibility.ts';

/** A replacement with its two images as they are now, deleted ones included. */
export interface ReplacementRow {
  id: string;
  scope: Scope;
  account_id: number | null;
  environment_id: number | null;
  at: Date;
  by: string;
  reason: string | null;
  reach: Scope[];
  old_image: ImageInShort;
  new_image: ImageInShort;
  deprecated_old_image: boolean;
  restored_new_image: boolean;
  restored_reason: string | null;
  rolls_back_id: string | null;
  rolled_back_by_id: string | null;
  /** Of the roles that it changed, those that the viewer may see. */
  roles: number;
}

export interface ImageInShort {
  id: string;
  name: string;
  cloudImageId: string;
  cloudPlatform: string;
  cloudLocation: string;
  deprecated: boolean;
}

/**
 * One condition on `p` for each place whose replacements a scope sees: those made at and below it, and
 * those made above it, as far as they changed a role that is seen here (docs/domain.md, "Replacement").
 */
export function replacementBranches(scope: ScopeRef): RawBuilder<unknown>[] {
  // OFFSET 0 has it looked up for each replacement: joined, the planner read every role of every one.
  const reachesHere = sql`EXISTS (
    SELECT FROM replacement_roles pr JOIN roles r ON r.id = pr.role_id
    WHERE pr.replacement_id = p.id AND ${seesRole(scope)} OFFSET 0)`;
  return [
    isAtOrBelow('p', scope),
    ...visibleScopes(scope)
      .slice(1)
      .map((above) => sql`${isAt('p', above)} AND ${reachesHere}`),
  ];
}

/** Roles that one sees at a scope: those below it, its own, and the inherited ones. */
function seesRole(scope: ScopeRef): RawBuilder<unknown> {
  return sql`(${isAtOrBelow('r', scope)} OR ${isVisible('r', scope)})`;
}

/** Replacements by id, in the order of the ids, counted as the viewer at `scope` sees them. */
export async function fetchReplacements(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
): Promise<ReplacementRow[]> {
  if (ids.length === 0) return [];
  const condition = sql`p.id = ANY(${ids}::uuid[])`;
  return inOrder(ids, await selectReplacements(tx, scope, condition));
}

/** A replacement if the viewer at `scope` sees it. */
export async function findVisibleReplacement(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<ReplacementRow | undefined> {
  const seen = sql.join(
    replacementBranches(scope).map((branch) => sql`(${branch})`),
    sql` OR `,
  );
  const condition = sql`p.id = ${id} AND (${seen})`;
  const [row] = await selectReplacements(tx, scope, condition);
  return row;
}

async function selectReplacements(
  tx: Db,
  scope: ScopeRef,
  condition: RawBuilder<unknown>,
): Promise<ReplacementRow[]> {
  const { rows } = await sql<ReplacementRow>`
    SELECT p.id, p.scope, p.account_id, p.environment_id, p.at, p.by, p.reason, p.reach,
      ${imageInShort('old_image')} AS old_image, ${imageInShort('new_image')} AS new_image,
      p.deprecated_old_image, p.restored_new_image, p.restored_reason, p.rolls_back_id, back.id AS rolled_back_by_id,
      (SELECT count(DISTINCT pr.role_id) FROM replacement_roles pr JOIN roles r ON r.id = pr.role_id
        WHERE pr.replacement_id = p.id AND ${seesRole(scope)}) AS roles
    FROM replacements p
    JOIN images old_image ON old_image.id = p.old_image_id
    JOIN images new_image ON new_image.id = p.new_image_id
    LEFT JOIN replacements back ON back.rolls_back_id = p.id
    WHERE ${condition}`.execute(tx);
  return rows;
}

function imageInShort(alias: string): RawBuilder<ImageInShort> {
  const i = sql.raw(alias);
  return sql<ImageInShort>`jsonb_build_object('id', ${i}.id, 'name', ${i}.name,
    'cloudImageId', ${i}.cloud_image_id, 'cloudPlatform', ${i}.cloud_platform,
    'cloudLocation', ${i}.cloud_location, 'deprecated', ${i}.deprecated_at IS NOT NULL)`;
}

/** Live servers that run the old image of a replacement, in the roles that it changed. */
export interface OnOldImage {
  replacement_id: string;
  servers: number;
  /** Of these, those whose role has another cloud image now. */
  stale: number;
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
    SELECT p.id AS replacement_id, sum(g.servers) AS servers, count(DISTINCT g.farm_id) AS farms,
      coalesce(sum(g.servers) FILTER (WHERE g.stale), 0) AS stale
    ${serversOnOldImages(scope, ids)} GROUP BY p.id`.execute(tx);
  return new Map(rows.map((row) => [row.replacement_id, row]));
}

/** The farms with servers on the old image of one replacement, most servers first. */
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
 * Groups `g` of live servers that were started from the old cloud image of replacements `p`, whatever their roles
 * have now. Cloud images are compared, not rows: one may be registered at several scopes.
 */
function serversOnOldImages(scope: ScopeRef, ids: readonly string[]): RawBuilder<unknown> {
  return sql`
    FROM replacements p
    JOIN images old_image ON old_image.id = p.old_image_id
    JOIN replacement_roles pr ON pr.replacement_id = p.id
    JOIN farm_roles fr
      ON (fr.role_id, fr.cloud_platform, fr.image_location) = (pr.role_id, pr.cloud_platform, pr.cloud_location)
    JOIN server_groups g ON g.farm_role_id = fr.id
    JOIN images started ON started.id = g.image_id AND NOT ${isStale('started', 'old_image')}
    WHERE p.id = ANY(${ids}::uuid[]) AND ${isAtOrBelow('fr', scope)}`;
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
}

/** What a replacement changed, as far as the viewer at `scope` sees it, by role. */
export async function fetchReplacedPlaces(
  tx: Db,
  scope: ScopeRef,
  replacementId: string,
): Promise<ReplacedPlaceRow[]> {
  const { rows } = await sql<ReplacedPlaceRow>`
    SELECT r.id, r.name, r.scope, r.account_id, r.environment_id,
      a.name AS account_name, e.name AS environment_name,
      os.name AS os_name, os.family AS os_family, os.generation AS os_generation, r.use_scalr_agent,
      r.deleted_at, pr.cloud_platform, pr.cloud_location, pr.old_image_id, pr.new_image_id,
      ${imageInShort('old_image')} AS old_image, ${imageInShort('new_image')} AS new_image,
      ri.image_id AS current_image_id, role_image.name AS current_image_name,
      coalesce(NOT ${isStale('old_image', 'role_image')}, false) AS has_old_image
    FROM replacement_roles pr
    JOIN images old_image ON old_image.id = pr.old_image_id
    JOIN images new_image ON new_image.id = pr.new_image_id
    JOIN roles r ON r.id = pr.role_id
    JOIN os ON os.id = r.os_id
    LEFT JOIN accounts a ON a.id = r.account_id
    LEFT JOIN environments e ON e.id = r.environment_id
    LEFT JOIN role_images ri
      ON (ri.role_id, ri.cloud_platform, ri.cloud_location) = (pr.role_id, pr.cloud_platform, pr.cloud_location)
    LEFT JOIN images role_image ON role_image.id = ri.image_id
    WHERE pr.replacement_id = ${replacementId} AND ${seesRole(scope)}
    ORDER BY r.id, pr.cloud_platform, pr.cloud_location`.execute(tx);
  return rows;
}

/** A role that a replacement changes, from one image to another. */
export interface ReplacedRole {
  id: number;
  oldImageId: string;
  newImageId: string;
}

/** A replacement to be written down, with the roles that it changes. */
export interface NewReplacement {
  scope: ScopeRef;
  oldImageId: string;
  newImageId: string;
  cloudPlatform: string;
  cloudLocation: string;
  /** What changes in each: registrations of one cloud image may differ from role to role. */
  roles: readonly ReplacedRole[];
  reach: readonly Scope[];
  at: Date;
  by: string;
  reason: string | undefined;
  deprecatedOldImage: boolean;
  restoredNewImage?: boolean;
  /** Why the new image had been deprecated until now. */
  restoredReason?: string | null;
  rollsBackId?: string;
}

/** Writes a replacement and its roles. @returns its id */
export async function insertReplacement(tx: Db, replacement: NewReplacement): Promise<string> {
  const { roles, cloudPlatform, cloudLocation } = replacement;
  const id = randomUUID();
  const made = tx
    .insertInto('replacements')
    .values({
      id,
      ...placeColumns(replacement.scope),
      old_image_id: replacement.oldImageId,
      new_image_id: replacement.newImageId,
      reach: [...replacement.reach],
      at: replacement.at,
      by: replacement.by,
      reason: replacement.reason ?? null,
      deprecated_old_image: replacement.deprecatedOldImage,
      restored_new_image: replacement.restoredNewImage ?? false,
      restored_reason: replacement.restoredReason ?? null,
      rolls_back_id: replacement.rollsBackId ?? null,
    })
    .returning('id');
  const places = sql`
    WITH made AS (${made})
    INSERT INTO replacement_roles
      (replacement_id, role_id, cloud_platform, cloud_location, old_image_id, new_image_id)
    SELECT made.id, changed.role_id, ${cloudPlatform}, ${cloudLocation}, changed.old_id, changed.new_id
    FROM made, unnest(${roles.map((role) => role.id)}::int[], ${roles.map((role) => role.oldImageId)}::uuid[],
      ${roles.map((role) => role.newImageId)}::uuid[]) AS changed (role_id, old_id, new_id)`;
  await sendAhead(tx, places.compile(tx));
  return id;
}

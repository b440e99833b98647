import { type RawBuilder, sql } from 'kysely';
import type { Replacement } from '#contract/replacements/replacements.ts';
import type { PairedImage } from '#contract/replacements/replacement-members.ts';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isSameCloudImage } from '../images/same-cloud-image.ts';
import { inOrder } from '../lists/in-order.ts';
import { isAt, isAtOrBelow, isVisible, visibleScopes } from '../organisation/visibility.ts';

/** A replacement with its images as they are now, deleted ones included. */
export interface ReplacementRow {
  id: string;
  scope: Scope;
  account_id: number | null;
  environment_id: number | null;
  /** As it is stored: what is rolled back or expired follows from the rest. */
  state: 'planned' | 'applied' | 'cancelled';
  at: Date;
  by: string;
  reason: string | null;
  reach: Scope[];
  planned_at: Date | null;
  planned_by: string | null;
  expires_at: Date | null;
  planned_revision: string | null;
  rolls_back_id: string | null;
  version: number;
  /** By platform, location and architecture; at least one. */
  pairs: PairRow[];
  /** Oldest first. */
  roll_backs: RollBackRow[];
  /** Of the roles that it changed, those that the viewer may see. */
  roles: number;
}

/** One image in the place of another. */
export interface PairRow {
  oldImage: PairedImage;
  newImage: PairedImage;
  deprecatedOldImage: boolean;
  restoredNewImage: boolean;
  restoredReason: string | null;
  /** Of the roles that it changed, those that the viewer may see. */
  roles: number;
}

export type RollBackRow = Replacement['rollBacks'][number];

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
export function seesRole(scope: ScopeRef): RawBuilder<unknown> {
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
    SELECT p.id, p.scope, p.account_id, p.environment_id, p.state, p.at, p.by, p.reason, p.reach,
      p.planned_at, p.planned_by, p.expires_at, p.planned_revision, p.rolls_back_id, p.version,
      paired.pairs, paired.roles, coalesce(undone.roll_backs, '[]') AS roll_backs
    FROM replacements p
    CROSS JOIN LATERAL (${pairsOf(scope)}) paired
    LEFT JOIN LATERAL (${rollBacksOf(scope)}) undone ON true
    WHERE ${condition}`.execute(tx);
  return rows.map((row) => ({
    ...row,
    roll_backs: row.roll_backs.map((back) => ({ ...back, at: new Date(back.at).toISOString() })),
  }));
}

/** Asked role by role: joined, the planner read every role for each replacement, once there were large ones. */
const isOfSeenRole = (scope: ScopeRef) =>
  sql`EXISTS (SELECT FROM roles r WHERE r.id = pr.role_id AND ${seesRole(scope)} OFFSET 0)`;

/** The pairs of `p` in one array, and how many roles it changed; what it changed is counted once for all. */
const pairsOf = (scope: ScopeRef) => sql`
  WITH changed AS MATERIALIZED (
    SELECT pr.old_image_id, pr.new_image_id, pr.role_id
    FROM replacement_roles pr WHERE pr.replacement_id = p.id AND ${isOfSeenRole(scope)}),
  counted AS MATERIALIZED (
    SELECT old_image_id, new_image_id, count(*) AS roles FROM changed GROUP BY 1, 2)
  SELECT (SELECT count(DISTINCT role_id) FROM changed) AS roles,
    jsonb_agg(jsonb_build_object(
      'oldImage', ${pairedImage('old_image')}, 'newImage', ${pairedImage('new_image')},
      'deprecatedOldImage', pair.deprecated_old_image, 'restoredNewImage', pair.restored_new_image,
      'restoredReason', pair.restored_reason, 'roles', (
        SELECT coalesce(sum(counted.roles), 0) FROM counted
        JOIN images held ON held.id = counted.old_image_id
        JOIN images given ON given.id = counted.new_image_id
        WHERE ${isSameCloudImage('held', 'old_image')} AND ${isSameCloudImage('given', 'new_image')}))
      ORDER BY old_image.cloud_platform, old_image.cloud_location, old_image.architecture,
        old_image.id, new_image.id) AS pairs
  FROM replacement_pairs pair
  JOIN images old_image ON old_image.id = pair.old_image_id
  JOIN images new_image ON new_image.id = pair.new_image_id
  WHERE pair.replacement_id = p.id`;

const rollBacksOf = (scope: ScopeRef) => sql`
  SELECT jsonb_agg(jsonb_build_object('id', back.id, 'at', back.at, 'by', back.by,
    'complete', back.completes, 'roles', (
      SELECT count(DISTINCT pr.role_id) FROM replacement_roles pr
      WHERE pr.replacement_id = back.id AND ${isOfSeenRole(scope)})) ORDER BY back.at, back.id) AS roll_backs
  FROM replacements back WHERE back.rolls_back_id = p.id`;

/** An image as replacements name it. */
export function imageInShort(alias: string): RawBuilder<unknown> {
  return sql`jsonb_build_object(${inShort(alias)})`;
}

function pairedImage(alias: string): RawBuilder<unknown> {
  const i = sql.raw(alias);
  return sql`jsonb_build_object(${inShort(alias)}, 'architecture', ${i}.architecture, 'imageSet',
    CASE WHEN ${i}.set_id IS NOT NULL THEN jsonb_build_object('id', ${i}.set_id) END)`;
}

function inShort(alias: string): RawBuilder<unknown> {
  const i = sql.raw(alias);
  return sql`'id', ${i}.id, 'name', ${i}.name,
    'cloudImageId', coalesce(${i}.cloud_image_id, ''), 'cloudPlatform', ${i}.cloud_platform,
    'cloudLocation', ${i}.cloud_location, 'deprecated', ${i}.deprecated_at IS NOT NULL`;
}

import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../connection/connection.ts';
import { chainOf } from '../queries/records/operations-log.ts';

/** SQL: a member of the state that an image had, as a column of `images`. */
const columns: Record<string, string> = {
  id: `state -> 'id'`,
  name: `state -> 'name'`,
  description: `state -> 'description'`,
  scope: `state -> 'scope'`,
  account_id: `state -> 'accountId'`,
  environment_id: `state -> 'envId'`,
  cloud_platform: `state -> 'cloudPlatform'`,
  cloud_location: `state -> 'cloudLocation'`,
  cloud_image_id: `nullif(state ->> 'cloudImageId', '')`,
  os_id: `state #> '{os,id}'`,
  architecture: `state -> 'architecture'`,
  size_gb: `state -> 'size'`,
  type: `state -> 'type'`,
  source: `state -> 'source'`,
  status: `state -> 'status'`,
  status_error: `state -> 'statusError'`,
  checked_at: `state -> 'checked'`,
  scalr_agent_installed: `state -> 'scalrAgentInstalled'`,
  cloud_init_installed: `state -> 'cloudInitInstalled'`,
  added_at: `state -> 'added'`,
  created_by: `state -> 'createdBy'`,
  deprecated_at: `state #> '{deprecation,at}'`,
  deprecated_by: `state #> '{deprecation,by}'`,
  deprecation_reason: `state #> '{deprecation,reason}'`,
  deprecation_replacement_id: `state #> '{deprecation,replacement,id}'`,
  version: `state -> 'version'`,
  deleted_at: 'NULL::jsonb',
};
const pairs = Object.entries(columns).map(([name, value]) => `'${name}', ${value}`);

/**
 * A member of a WITH that stands in the place of the table `images`: the rows that were there at a moment, as they
 * were. What was changed since is as its next entry says that it was before; everything else is as it is.
 * @param scope whose images it is about: entries of its account and of Corporate are looked at
 * @param at after everything that no entry of shape 2 tells of, as `findRecordedSince` says
 */
export function imagesThen(scope: ScopeRef, at: Date): RawBuilder<unknown> {
  return sql`images AS MATERIALIZED (
    WITH part AS (${partsSince([scope], at, 'image:%')}),
    next AS (
      -- One that was merged is told of once more by what it became.
      SELECT DISTINCT ON (id) id, state FROM (
        SELECT coalesce(before, after) ->> 'id' AS id, before AS state, at, revision, nth FROM part) told
      ORDER BY id, at, revision, nth)
    SELECT was.* FROM next LEFT JOIN public.images known ON known.id = next.id::uuid
    CROSS JOIN LATERAL jsonb_populate_record(known, jsonb_build_object(${sql.raw(pairs.join(', '))})) was
    WHERE next.state IS NOT NULL
    UNION ALL
    SELECT i.* FROM public.images i
    WHERE i.added_at < ${at} AND NOT EXISTS (SELECT FROM next WHERE next.id::uuid = i.id))`;
}

/** Everything that entries of the chains of some scopes tell, from a moment on, of objects whose names are like this. */
function partsSince(scopes: readonly ScopeRef[], at: Date, named: string): RawBuilder<unknown> {
  const chains = [...new Set(['corporate', ...scopes.map(chainOf)])];
  return sql`
    SELECT l.at, l.revision, p.nth, p.before, p.after FROM operations_log l CROSS JOIN LATERAL (
      SELECT 0::bigint AS nth, l.object, l.before, l.after
      UNION ALL
      SELECT o.nth, o.part ->> 'object', o.part -> 'before', o.part -> 'after'
      FROM jsonb_array_elements(l.others) WITH ORDINALITY o (part, nth)) p
    WHERE l.chain = ANY (${chains}::text[]) AND l.at >= ${at} AND l.shape > 1 AND p.object LIKE ${named}
      AND num_nonnulls(p.before, p.after) > 0`;
}

/**
 * The same in the place of `role_images`, of one role. An image is there or not as its next entry says; one that was
 * merged since is there as what it became.
 * @param scopes where the role is, and where it may have been
 */
export function roleImagesThen(
  scopes: readonly ScopeRef[],
  at: Date,
  roleId: number,
): RawBuilder<unknown> {
  return sql`role_images AS MATERIALIZED (
    WITH part AS (${partsSince(scopes, at, `roleImage:${roleId}/%`)}),
    next AS (
      SELECT DISTINCT ON (image_id) image_id, was FROM (
        SELECT before #>> '{image,id}' AS image_id, true AS was, at, revision, nth FROM part WHERE before IS NOT NULL
        UNION ALL
        SELECT after #>> '{image,id}', false, at, revision, nth FROM part WHERE after IS NOT NULL) told
      -- What a change leaves as it was had been there.
      ORDER BY image_id, at, revision, nth, was DESC)
    SELECT ${roleId}::integer AS role_id, i.id AS image_id, i.cloud_platform, i.cloud_location
    FROM next JOIN public.images i ON i.id = next.image_id::uuid WHERE next.was
    UNION ALL
    SELECT ri.role_id, ri.image_id, ri.cloud_platform, ri.cloud_location FROM public.role_images ri
    WHERE ri.role_id = ${roleId} AND ri.added_at < ${at}
      AND NOT EXISTS (SELECT FROM next WHERE next.image_id::uuid = ri.image_id))`;
}

/**
 * The first moment that records tell of: what was before was cut, or told in another shape.
 * @returns undefined where they tell of all that ever was
 */
export async function findRecordedSince(tx: Db, scope: ScopeRef): Promise<Date | undefined> {
  const chains = [...new Set(['corporate', chainOf(scope)])];
  const { rows } = await sql<{ since: Date | null }>`
    SELECT max(since) AS since FROM (
      SELECT max(before) AS since FROM record_cuts WHERE chain = ANY (${chains}::text[])
      UNION ALL
      SELECT at + interval '1 millisecond' FROM (
        SELECT max(at) AS at FROM operations_log WHERE chain = ANY (${chains}::text[]) AND shape = 1) older) limits`.execute(
    tx,
  );
  return rows[0]?.since ?? undefined;
}

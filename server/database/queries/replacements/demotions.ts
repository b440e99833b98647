import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { ImageTies, RoleTies } from '../../../domain/roles/demotions.ts';
import type { Db } from '../../connection/connection.ts';
import { type BlockerRow, listed } from '../images/image-deletion.ts';
import { isSameCloudImage } from '../images/same-cloud-image.ts';
import { isAt, isAtOrBelow } from '../organisation/visibility.ts';

// What is tied to an object: whatever must see it, with the scope that it sees it from (docs/domain.md, "Demotion").

type Columns = RawBuilder<unknown>;
const placed = (alias: string) =>
  sql.raw(`${alias}.scope, ${alias}.account_id, ${alias}.environment_id, NULL::integer AS farm_id`);

/** Roles that hold one of these images, but for one. */
const holders = (ids: Columns, except = 0) => sql`
  SELECT ri.image_id AS of, r.id::text AS id, r.name, ${placed('r')}
  FROM role_images ri JOIN roles r ON r.id = ri.role_id WHERE ri.image_id = ${ids} AND r.id <> ${except}`;

/** Images that recommend one of these. */
const recommenders = (ids: Columns) => sql`
  SELECT x.deprecation_replacement_id AS of, x.id::text AS id, x.name, ${placed('x')}
  FROM images x WHERE x.deprecation_replacement_id = ${ids} AND x.deleted_at IS NULL`;

/** Registrations further down that one of these, being deprecated, deprecates too. */
const covered = (ids: Columns) => sql`
  SELECT i.id AS of, o.id::text AS id, o.name, ${placed('o')}
  FROM images i JOIN images o ON ${isSameCloudImage('o', 'i')} AND o.scope <> i.scope
    AND o.deleted_at IS NULL AND (i.account_id IS NULL OR o.account_id = i.account_id)
  WHERE i.id = ${ids} AND i.deprecated_at IS NOT NULL`;

/** Which replacements name one of these, one by one: joined at once, the planner read all that there are. */
const naming = (ids: Columns) => sql`(
  SELECT named.*, p.* FROM (
    SELECT old_image_id AS of, * FROM replacement_pairs WHERE old_image_id = ${ids}
    UNION ALL SELECT new_image_id, * FROM replacement_pairs WHERE new_image_id = ${ids}) named,
    LATERAL (SELECT id, scope, account_id, environment_id FROM replacements WHERE id = named.replacement_id OFFSET 0) p)`;

/** Replacements that name one of these. */
const recordsOfImages = (ids: Columns) => sql`
  SELECT p.of, p.id::text AS id, min(a.name || ' by ' || b.name) AS name, ${placed('p')}
  FROM ${naming(ids)} p JOIN images a ON a.id = p.old_image_id JOIN images b ON b.id = p.new_image_id
  GROUP BY p.of, p.id, p.scope, p.account_id, p.environment_id`;

/** Servers of one of these, ended ones too: they keep their image for ever. */
const servers = (ids: Columns) => sql`
  SELECT s.image_id AS of, s.id::text AS id, coalesce(nullif(s.hostname, ''), s.cloud_server_id, s.id::text) AS name,
    'environment' AS scope, s.account_id, s.environment_id, s.farm_id
  FROM servers s WHERE s.image_id = ${ids}`;

/** The farms of those servers: few where servers are many, and all of a farm are in one place. */
const farmsOfServers = (ids: Columns) => sql`
  SELECT run.image_id AS of, f.account_id, f.environment_id
  FROM (SELECT DISTINCT image_id, farm_id FROM servers WHERE image_id = ${ids}) run
  JOIN farms f ON f.id = run.farm_id`;

/** Farm roles of one of these roles. */
const farmRoles = (ids: Columns) => sql`
  SELECT fr.role_id AS of, fr.id::text AS id, fr.alias AS name, 'environment' AS scope, fr.account_id,
    fr.environment_id, fr.farm_id
  FROM farm_roles fr WHERE fr.role_id = ${ids}`;

const recommendingRoles = (ids: Columns) => sql`
  SELECT x.deprecation_replacement_id AS of, x.id::text AS id, x.name, ${placed('x')}
  FROM roles x WHERE x.deprecation_replacement_id = ${ids} AND x.deleted_at IS NULL`;

/**
 * Replacements that changed one of these roles. One of a scope above reaches the role where it goes, if it reached
 * as far down; otherwise it is as one at its own scope.
 * @param down where the role goes: the scope below its own
 */
const recordsOfRoles = (ids: Columns, down: 'account' | 'environment') => sql`
  SELECT pr.role_id AS of, p.id::text AS id, min(a.name || ' by ' || b.name) AS name, ${placed('p')}
  FROM replacement_roles pr JOIN replacements p ON p.id = pr.replacement_id
    JOIN images a ON a.id = pr.old_image_id JOIN images b ON b.id = pr.new_image_id
  WHERE pr.role_id = ${ids} AND (NOT (${down} = ANY (p.reach))
    OR ${down === 'account' ? sql`p.account_id` : sql`p.environment_id`} IS NOT NULL)
  GROUP BY pr.role_id, p.id`;

const named = (rows: RawBuilder<unknown>) =>
  sql`SELECT t.of, t.account_id, t.environment_id FROM (${rows}) t`;

/** The column that says which scope below one it is. */
const below = (from: ScopeRef, alias: string) =>
  sql.raw(`${alias}.${from.scope === 'scalr' ? 'account_id' : 'environment_id'}`);
const down = (from: ScopeRef) => (from.scope === 'scalr' ? 'account' : 'environment');

/** For each object the scopes below one that its ties are in. */
const scopesByObject = (ties: readonly Columns[], from: ScopeRef) => sql`
  SELECT t.of, array_agg(DISTINCT ${below(from, 't')}) AS scopes
  FROM (${sql.join(ties, sql` UNION ALL `)}) t GROUP BY t.of`;

/**
 * For each of these images, all of one scope, which scopes below have something that is tied to it, null for what is
 * not below any of them; and which of them have their own registration of its cloud image.
 */
export async function fetchImageTies(
  tx: Db,
  from: ScopeRef,
  ids: readonly string[],
  exceptRole?: number,
): Promise<Map<string, ImageTies>> {
  const all = sql`ANY(${ids}::uuid[])`;
  const ties = [
    ...[holders(all, exceptRole), covered(all), naming(all)].map(named),
    farmsOfServers(all),
  ];
  const { rows } = await sql<ImageTies & { id: string }>`
    WITH tied AS (${scopesByObject(ties, from)}), recommended AS (
      SELECT t.of, jsonb_agg(jsonb_build_object('id', t.id, 'scope', ${below(from, 't')})) AS by
      FROM (${recommenders(all)}) t GROUP BY t.of)
    SELECT i.id, coalesce(tied.scopes, '{}') AS scopes, coalesce(recommended.by, '[]') AS recommenders,
      ARRAY(SELECT ${below(from, 'o')} FROM images o WHERE ${isSameCloudImage('o', 'i')}
        AND o.scope = ${down(from)} AND o.deleted_at IS NULL AND ${isAtOrBelow('o', from)}) AS taken
    FROM images i LEFT JOIN tied ON tied.of = i.id LEFT JOIN recommended ON recommended.of = i.id
    WHERE i.id = ${all}`.execute(tx);
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** The same for roles: those scopes are taken that have a role of the same name. */
export async function fetchRoleTies(
  tx: Db,
  from: ScopeRef,
  ids: readonly number[],
): Promise<Map<number, RoleTies>> {
  const all = sql`ANY(${ids}::int[])`;
  const ties = [farmRoles(all), recommendingRoles(all), recordsOfRoles(all, down(from))];
  const { rows } = await sql<RoleTies & { id: number }>`
    WITH tied AS (${scopesByObject(ties.map(named), from)})
    SELECT r.id, coalesce(tied.scopes, '{}') AS scopes,
      ARRAY(SELECT DISTINCT ${below(from, 'o')} FROM roles o WHERE o.name = r.name AND o.deleted_at IS NULL
        AND o.id <> r.id AND ${isAtOrBelow('o', from)} AND ${below(from, 'o')} IS NOT NULL) AS taken
    FROM roles r LEFT JOIN tied ON tied.of = r.id WHERE r.id = ${all}`.execute(tx);
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** How many accounts there are, or environments of an account. */
export async function countScopesBelow(tx: Db, from: ScopeRef): Promise<number> {
  const { rows } = await (
    from.scope === 'scalr'
      ? sql<{ scopes: number }>`SELECT count(*) AS scopes FROM accounts`
      : sql<{ scopes: number }>`SELECT count(*) AS scopes FROM environments e
          WHERE e.account_id = ${from.scope === 'account' ? from.accountId : null}`
  ).execute(tx);
  return rows[0]?.scopes ?? 0;
}

/** What is tied to images from outside a scope; at most `limit` of each kind, with the number of all. */
export async function listImageTies(
  tx: Db,
  ids: readonly string[],
  target: ScopeRef,
  { limit, exceptRole }: { limit: number; exceptRole?: number | undefined },
): Promise<BlockerRow[]> {
  const all = sql`ANY(${ids}::uuid[])`;
  return list(tx, limit, [
    ['role', outside(holders(all, exceptRole), target)],
    ['server', outside(servers(all), target)],
    ['image', outside(sql`${recommenders(all)} UNION ALL ${covered(all)}`, target)],
    ['replacement', outside(recordsOfImages(all), target)],
  ]);
}

/** The same for a role. */
export async function listRoleTies(
  tx: Db,
  id: number,
  from: ScopeRef,
  { target, limit }: { target: ScopeRef; limit: number },
): Promise<BlockerRow[]> {
  const all = sql`${id}`;
  return list(tx, limit, [
    ['farmRole', outside(farmRoles(all), target)],
    ['role', outside(recommendingRoles(all), target)],
    ['replacement', outside(recordsOfRoles(all, down(from)), target)],
  ]);
}

/** What lives exactly where an image would go, and is the same cloud image. */
export async function fetchRegistrationsAt(
  tx: Db,
  ids: readonly string[],
  target: ScopeRef,
): Promise<
  (Pick<BlockerRow, 'scope' | 'account_id' | 'environment_id' | 'name' | 'id'> & { of: string })[]
> {
  const { rows } = await sql<
    Pick<BlockerRow, 'scope' | 'account_id' | 'environment_id' | 'name' | 'id'> & { of: string }
  >`
    SELECT i.id AS of, o.id, o.name, o.scope, o.account_id, o.environment_id
    FROM images i JOIN images o ON ${isSameCloudImage('o', 'i')} AND o.id <> i.id
    WHERE i.id = ANY(${ids}::uuid[]) AND o.deleted_at IS NULL AND ${isAt('o', target)}`.execute(tx);
  return rows;
}

const outside = (rows: RawBuilder<unknown>, target: ScopeRef) => sql`
  SELECT t.id, t.of AS image_id, t.name, t.scope, t.account_id, t.environment_id, t.farm_id
  FROM (${rows}) t WHERE (${isAtOrBelow('t', target)}) IS NOT TRUE`;

async function list(
  tx: Db,
  limit: number,
  kinds: readonly [BlockerRow['type'], RawBuilder<unknown>][],
): Promise<BlockerRow[]> {
  const parts = kinds.map(([type, rows]) => listed(type, rows, limit));
  return (await sql<BlockerRow>`${sql.join(parts, sql` UNION ALL `)}`.execute(tx)).rows;
}

import { sql } from 'kysely';
import type { Place } from '#contract/images/places.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { placeColumns } from '../records/operations-log.ts';
import { naturally } from '../lists/natural-order.ts';
import { countMatches } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { planImageSetList } from '../image-sets/image-set-list.ts';
import { planImageList } from '../images/image-list.ts';
import { roleListPlan } from '../roles/role-lists.ts';
import { isAtOrBelow } from './visibility.ts';

/** A scope with the names that people read. */
export interface ScopeRow {
  scope: Place['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
}

/** The names of a scope that is known to be there, and its own version. */
export async function fetchScopeNames(
  tx: Db,
  scope: ScopeRef,
): Promise<ScopeRow & { version: number | null }> {
  const place = placeColumns(scope);
  const names = { account_name: null, environment_name: null, version: null };
  const { rows } = await sql<
    Pick<ScopeRow, 'account_name' | 'environment_name'> & { version: number }
  >`
    SELECT a.name AS account_name, e.name AS environment_name,
      CASE WHEN e.id IS NULL THEN a.version ELSE e.version END AS version
    FROM accounts a LEFT JOIN environments e ON e.id = ${place.environment_id}
    WHERE a.id = ${place.account_id}`.execute(tx);
  return { ...place, ...names, ...rows[0] };
}

export interface ScopeCounts {
  images: number;
  imageSets: number;
  roles: number;
  farms: number;
  farmsOnOldImages: number;
  environments: number;
}

/** Images, their sets and roles as the lists show them; farms and environments at and below the scope. */
export async function countScope(tx: Db, scope: ScopeRef): Promise<ScopeCounts> {
  const images = await countMatches(tx, planImageList(scope, {}));
  const imageSets = await countMatches(tx, planImageSetList(scope, {}));
  const roles = await countMatches(tx, roleListPlan(scope, {}));
  const { rows } = await sql<Pick<ScopeCounts, 'farms' | 'farmsOnOldImages' | 'environments'>>`
    SELECT (SELECT count(*) FROM farms f WHERE ${isAtOrBelow('f', scope)}) AS farms,
      (SELECT count(DISTINCT g.farm_id) FROM server_groups g WHERE g.old AND ${isAtOrBelow('g', scope)})
        AS "farmsOnOldImages",
      (SELECT count(*) FROM (SELECT id AS environment_id, account_id FROM environments) e
        WHERE ${isAtOrBelow('e', scope)}) AS environments`.execute(tx);
  const [fleet] = rows;
  if (!fleet) throw new Error('An aggregate always has one row');
  return { images, imageSets, roles, ...fleet };
}

/** Which accounts and environments somebody may open: all, or these with what lies below them. */
export interface OpenableScopes {
  all: boolean;
  accountIds: readonly number[];
  environmentIds: readonly number[];
}

/**
 * Accounts and environments in the order of a tree: each account before its environments, by name.
 * @param query parts of names: of an account, which then comes with all its environments, or of an
 *   environment, which then comes with its account
 */
export async function fetchOpenableScopes(
  tx: Db,
  { all, accountIds, environmentIds }: OpenableScopes,
  query: string | undefined,
  limit: number,
): Promise<ScopeRow[]> {
  const mayOpenAccount = all ? sql`true` : sql`a.id = ANY(${accountIds}::int[])`;
  const mayOpenEnvironment = all
    ? sql`true`
    : sql`(${mayOpenAccount} OR e.id = ANY(${environmentIds}::int[]))`;
  const inEither = matchesSearch(query, waysIn('a.name', 'e.name'));
  const found = sql.join([sql`true`, ...inEither], sql` AND `);
  const { rows } = await sql<ScopeRow>`
    SELECT * FROM (
      SELECT 'account' AS scope, a.id AS account_id, NULL::int AS environment_id,
        a.name AS account_name, NULL::text AS environment_name
      FROM accounts a
      WHERE ${mayOpenAccount} AND EXISTS (SELECT FROM (VALUES (1)) one
        LEFT JOIN environments e ON e.account_id = a.id WHERE ${found})
      UNION ALL
      SELECT 'environment', a.id, e.id, a.name, e.name
      FROM environments e JOIN accounts a ON a.id = e.account_id
      WHERE ${mayOpenEnvironment} AND ${found}) place
    ORDER BY ${naturally(sql`account_name`)}, account_id, ${naturally(sql`environment_name`)} NULLS FIRST, environment_id LIMIT ${limit}`.execute(
    tx,
  );
  return rows;
}

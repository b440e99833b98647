import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { ScopedRow } from '../../../domain/scopes.ts';
import type { Db } from '../../connection/connection.ts';
import { equal } from '../lists/equal.ts';
import { inOrder } from '../lists/in-order.ts';
import { placeColumns } from '../records/operations-log.ts';
import type { Database } from '../../schema.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isVisible, visibleBranches } from '../organisation/visibility.ts';

export type RoleCategoryRow = Selectable<Database['role_categories']>;

/** Role categories by id, in the order of the ids; unknown ids are left out. */
export async function fetchRoleCategories(
  tx: Db,
  ids: readonly number[],
): Promise<RoleCategoryRow[]> {
  if (ids.length === 0) return [];
  const rows = await tx.selectFrom('role_categories').where('id', 'in', ids).selectAll().execute();
  return inOrder(ids, rows);
}

/** A role category that a scope sees. */
export async function findVisibleCategory(
  tx: Db,
  scope: ScopeRef,
  id: number,
): Promise<RoleCategoryRow | undefined> {
  const select = sql<RoleCategoryRow>`
    SELECT c.* FROM role_categories c WHERE c.id = ${id} AND ${isVisible('c', scope)}`;
  const [row] = await ask(tx, select.compile(tx));
  return row;
}

/** The categories with one of these names that a scope sees, the oldest first. */
export async function fetchCategoryNamesakes(
  tx: Db,
  names: readonly string[],
  scope: ScopeRef,
): Promise<RoleCategoryRow[]> {
  const { rows } = await sql<RoleCategoryRow>`
    SELECT c.* FROM role_categories c
    WHERE c.name = ANY(${[...names]}) AND ${isVisible('c', scope)} ORDER BY c.id`.execute(tx);
  return rows;
}

export async function insertRoleCategory(
  tx: Db,
  at: ScopeRef,
  name: string,
): Promise<RoleCategoryRow> {
  return tx
    .insertInto('role_categories')
    .values({ name, ...placeColumns(at) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Renames a role category and raises its version. */
export async function renameRoleCategory(tx: Db, id: number, name: string): Promise<void> {
  const changes = { name, version: sql<number>`version + 1` };
  await tx.updateTable('role_categories').set(changes).where('id', '=', id).execute();
}

/** A live role of a category, with the scope that says who may see it. */
export interface CategoryUserRow extends ScopedRow {
  id: number;
  name: string;
  /** How many live roles the category has. */
  total: number;
}

/** At most `limit` live roles of a category, at every scope, in the order of their ids. */
export async function fetchCategoryUsers(
  tx: Db,
  id: number,
  limit: number,
): Promise<CategoryUserRow[]> {
  const { rows } = await sql<CategoryUserRow>`
    SELECT r.id, r.name, r.scope, r.account_id, r.environment_id, (count(*) OVER ())::int AS total
    FROM roles r WHERE r.category_id = ${id} AND r.deleted_at IS NULL ORDER BY r.id LIMIT ${limit}`.execute(
    tx,
  );
  return rows;
}

/** Removes a category that no live role is in. Deleted roles, which nobody sees, go to the first one. */
export async function deleteRoleCategoryRow(tx: Db, id: number): Promise<void> {
  await tx.updateTable('roles').set({ category_id: 1 }).where('category_id', '=', id).execute();
  await tx.deleteFrom('role_categories').where('id', '=', id).execute();
}

type Query = ServiceInput<'roleCategoryList'>['query'];

/** How to walk the categories that a scope sees. */
export function roleCategoryListPlan(
  scope: ScopeRef,
  query: Query,
  sort: NonNullable<Query['sort']>,
): ListPlan {
  const { name, descending } = parseSort(sort);
  return {
    from: sql`role_categories c`,
    branches: visibleBranches('c', scope, query.scope),
    where: [
      ...matchesSearch(query.query, waysIn('c.name')),
      ...equal('c', { id: query.id, name: query.name }),
    ],
    key: name === 'name' ? naturally(sql`c.name`) : sql`c.id`,
    keyType: name === 'name' ? 'text' : 'integer',
    id: sql`c.id`,
    idType: 'integer',
    descending,
  };
}

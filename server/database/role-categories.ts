import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from './connection.ts';
import { inOrder } from './in-order.ts';
import type { Database } from './schema.ts';
import { isVisible } from './visibility.ts';

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

/** A role category that a scope sees, by its id or its name; the oldest when several have that name. */
export async function findVisibleCategory(
  tx: Db,
  scope: ScopeRef,
  by: { id: number } | { name: string },
): Promise<RoleCategoryRow | undefined> {
  const wanted = 'id' in by ? sql`c.id = ${by.id}` : sql`c.name = ${by.name}`;
  const { rows } = await sql<RoleCategoryRow>`
    SELECT c.* FROM role_categories c
    WHERE ${wanted} AND ${isVisible('c', scope)} ORDER BY c.id LIMIT 1`.execute(tx);
  return rows[0];
}

import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

type Query = ServiceInput<'ownerList'>['query'];

export interface OwnerRow {
  id: number;
  name: string;
  email: string;
}

/** How to walk the owners of the farms at and below a scope. */
export function ownerListPlan(scope: ScopeRef, query: Query): ListPlan {
  const { query: text, id, onOldImages, sort = 'name' } = query;
  return {
    from: sql`users u`,
    branches: [
      sql`u.id = ANY(ARRAY(SELECT f.owner_id FROM farms f WHERE ${isAtOrBelow('f', scope)}))`,
    ],
    where: [
      ...matchesSearch(text, waysIn('u.name', 'u.email')),
      ...(id ? [sql`u.id = ${id}`] : []),
      ...(onOldImages === undefined ? [] : [sql`${isOnOldImages(scope)} = ${onOldImages}`]),
    ],
    key: naturally(sql`u.name`),
    keyType: 'text',
    id: sql`u.id`,
    idType: 'integer',
    descending: parseSort(sort).descending,
  };
}

/** The owners are found once, as an array, and not once for each user. */
function isOnOldImages(scope: ScopeRef): RawBuilder<unknown> {
  return sql`(u.id = ANY(ARRAY(SELECT f.owner_id FROM farms f WHERE f.id IN (
    SELECT g.farm_id FROM server_groups g WHERE g.old AND ${isAtOrBelow('g', scope)}))))`;
}

/** Owners by id, in the order of the ids; unknown ids are left out. */
export async function fetchOwners(tx: Db, ids: readonly number[]): Promise<OwnerRow[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('users')
    .where('id', 'in', ids)
    .select(['id', 'name', 'email'])
    .execute();
  return inOrder(ids, rows);
}

/** What somebody is called who owns a farm at or below a scope. */
export async function findOwnerName(
  tx: Db,
  scope: ScopeRef,
  id: number,
): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    SELECT u.name FROM users u WHERE u.id = ${id}
      AND EXISTS (SELECT FROM farms f WHERE f.owner_id = u.id AND ${isAtOrBelow('f', scope)})`.execute(
    tx,
  );
  return rows[0]?.name;
}

import { sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isAtOrBelow, isVisible } from '../organisation/visibility.ts';
import { type ApiKeyRow, selectApiKeys } from './api-keys.ts';

/** How to walk the keys that reach a scope or what is below it. */
export function userKeyListPlan(
  scope: ScopeRef,
  { query, sort = '-created' }: ServiceInput<'userKeyList'>['query'],
): ListPlan {
  return {
    from: sql`api_keys k JOIN users u ON u.id = k.user_id`,
    branches: [reaches(scope)],
    where: matchesSearch(query, waysIn('k.name', 'u.name', 'u.email')),
    key: sql`k.created_at`,
    keyType: 'timestamptz',
    id: sql`k.id`,
    idType: 'text',
    descending: parseSort(sort).descending,
  };
}

/** It is narrowed to something in the scope, or its user holds a role in there and it is narrowed to nothing else. */
function reaches(scope: ScopeRef) {
  return sql<boolean>`(${isAtOrBelow('k', scope)} OR (${isVisible('k', scope)} AND EXISTS (
    SELECT FROM held_grants g WHERE g.user_id = k.user_id AND ${isAtOrBelow('g', scope)})))`;
}

export interface UserKeyRow extends ApiKeyRow {
  user_name: string;
  user_email: string;
  /** It also reaches what is not in the scope that asks. */
  reaches_beyond: boolean;
}

/** Keys by id that reach a scope or what is below it, in the order of the ids. */
export async function fetchUserKeys(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
): Promise<UserKeyRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<UserKeyRow>`
    SELECT k.*, u.name AS user_name, u.email AS user_email,
      (${isAtOrBelow('k', scope)}) IS NOT TRUE AND EXISTS (
        SELECT FROM held_grants g WHERE g.user_id = k.user_id AND (${isAtOrBelow('g', scope)}) IS NOT TRUE
          AND (g.account_id IS NULL OR k.account_id IS NULL OR g.account_id = k.account_id)
          AND (g.environment_id IS NULL OR k.environment_id IS NULL OR g.environment_id = k.environment_id)
      ) AS reaches_beyond
    FROM (${selectApiKeys(sql`api_keys k`)}) k JOIN users u ON u.id = k.user_id
    WHERE k.id = ANY(${[...ids]}::text[]) AND ${reaches(scope)}`.execute(tx);
  return inOrder(ids, rows);
}

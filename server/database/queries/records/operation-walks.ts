import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

// Connections plan without looking at values, so whether a filter finds few rows is looked up first. Few are
// found by their own index and sorted; of what is frequent, a page is soon full when the list is walked in order.

/** So many are looked up by id and sorted in no time. */
const few = 5_000;

/**
 * Of several conditions that each have an index, one that few rows have: these rows by their ids.
 * @returns undefined where each of them is frequent at the scope, or there is only one
 */
export async function findFew(
  tx: Db,
  scope: ScopeRef,
  conditions: readonly RawBuilder<unknown>[],
): Promise<RawBuilder<unknown> | undefined> {
  if (conditions.length < 2) return undefined;
  for (const condition of conditions) {
    const found = sql`SELECT o.id FROM operations o WHERE ${isAtOrBelow('o', scope)} AND ${condition}`;
    const { rows } = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM (${found} LIMIT ${few + 1}) counted`.execute(tx);
    if ((rows[0]?.count ?? 0) <= few) return sql`o.id = ANY (ARRAY(${found}))`;
  }
  return undefined;
}

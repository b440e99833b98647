import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { matchesSearch, type Ways } from '../lists/search.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

// Connections plan without looking at values, so whether a filter finds few rows is looked up first. Few are
// found by their own index and sorted; of what is frequent, a page is soon full when the list is walked in order.

/** So many are looked up by id and sorted in no time. */
const few = 5_000;
/** So many of the latest are looked at for a word: what was frequent until a while ago is found by the second look. */
const looks = [5_000, 50_000] as const;
/** More than a page has. */
const aPage = 101;

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

/** The rows that a search finds: by the index on words, or row by row where the latest have them. */
export async function searchOperations(
  tx: Db,
  scope: ScopeRef,
  query: string | undefined,
): Promise<RawBuilder<unknown>[]> {
  const conditions = matchesSearch(query, waysIn(sql`o.words`));
  if (conditions.length === 0) return [];
  // No index has this, so that the list is walked.
  const walked = matchesSearch(query, waysIn(sql`(o.words || '')`));
  for (const latest of looks) {
    const { rows } = await sql<{ hits: number; looked: number }>`
      SELECT count(*) FILTER (WHERE ${sql.join(walked, sql` AND `)})::int AS hits, count(*)::int AS looked
      FROM (SELECT o.id, o.words FROM operations o WHERE ${isAtOrBelow('o', scope)}
        ORDER BY o.at DESC, o.id DESC LIMIT ${latest}) o`.execute(tx);
    const { hits = 0, looked = 0 } = rows[0] ?? {};
    if (hits >= aPage || looked < latest) return walked;
  }
  return [
    sql`o.id = ANY (ARRAY(WITH found AS MATERIALIZED (
      SELECT o.id FROM operations o WHERE ${sql.join(conditions, sql` AND `)}) SELECT id FROM found))`,
  ];
}

const waysIn =
  (words: RawBuilder<unknown>): Ways =>
  ({ pattern, uuid }) => [
    sql`${words} ILIKE ${pattern}`,
    ...(uuid === undefined ? [] : [sql`o.id = ${uuid}`]),
  ];

import { type RawBuilder, sql } from 'kysely';
import { wordsOf } from '#contract/list.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { matchesSearch, type Ways } from '../lists/search.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

// A search for words walks the list in order where the latest have them often. Otherwise an index finds them, by words
// and marks: all of them where they are rare. Where they were frequent a while ago, a sample of the table says until
// when: what is newer is found by the index, and the list is walked from there.

/** So many of the latest are looked at. */
const latest = 5_000;
/** More than a page has. */
const aPage = 101;
const samplePercent = 1;
/** So many in the sample stand for more than are looked up by id and sorted in no time. */
const frequent = 20;
/** What is newer than this one of the sample, counted from the latest, is soon found by the index. */
const lastFrequent = 10;

/** The rows that a search finds, as a condition on all rows. */
export interface FoundOperations {
  /** That finds them in disjoint parts, each by a way of its own; together they are all of the scope's own rows. */
  parts: readonly RawBuilder<unknown>[];
  /** For rows that are few, or not the scope's own. */
  rowByRow: RawBuilder<unknown>;
}

const dayOf = sql`(o.at AT TIME ZONE 'UTC')::date - DATE '1970-01-01'`;
/** As the index has it: the day, and the place as negative numbers (migration 0056). */
const marksOf = sql`ARRAY[${dayOf}, -2 * o.account_id, -1 - 2 * o.environment_id]`;
const millisecondsPerDay = 86_400_000;
const startOf = (day: number) => new Date(day * millisecondsPerDay);

function isMarked(scope: ScopeRef): RawBuilder<unknown> {
  if (scope.scope === 'scalr') return sql`true`;
  const mark = scope.scope === 'account' ? -2 * scope.accountId : -1 - 2 * scope.environmentId;
  return sql`${marksOf} @> ARRAY[${mark}::int]`;
}

/**
 * How to find the operations of a scope that have all words of a search.
 * @returns undefined for a search without words
 */
export async function searchOperations(
  tx: Db,
  scope: ScopeRef,
  query: string | undefined,
): Promise<FoundOperations | undefined> {
  const conditions = matchesSearch(query, ways);
  if (conditions.length === 0) return undefined;
  const hasAll = sql.join(conditions, sql` AND `);
  // No index has this, and PostgreSQL takes it for frequent, so that the list is walked.
  const rowByRow = sql`coalesce(${hasAll}, false)`;
  const look = await lookAtLatest(tx, scope, rowByRow);
  // Of a shorter word the index knows nothing.
  const isIndexed = wordsOf(query ?? '').some((word) => /[\p{L}\p{N}]{3}/u.test(word));
  if (look.hits >= aPage || look.rows < latest || !isIndexed)
    return { parts: [rowByRow], rowByRow };
  const found = sql`SELECT o.id FROM operations o WHERE ${hasAll} AND ${isMarked(scope)}`;
  const until = await findFrequentDay(tx, scope, rowByRow);
  if (until === undefined) return { parts: [isOneOf(found)], rowByRow };
  const newer = sql`${found} AND ${marksOf} && ${daysBetween(until + 1, look.newest)}::int[]`;
  const border = startOf(until + 1);
  return {
    parts: [sql`o.at >= ${border} AND ${isOneOf(newer)}`, sql`o.at < ${border} AND ${rowByRow}`],
    rowByRow,
  };
}

const isOneOf = (found: RawBuilder<unknown>) =>
  sql`o.id = ANY (ARRAY(WITH found AS MATERIALIZED (${found}) SELECT id FROM found))`;

interface Look {
  hits: number;
  rows: number;
  /** The day of the latest one, since 1970. */
  newest: number;
}

async function lookAtLatest(tx: Db, scope: ScopeRef, found: RawBuilder<unknown>): Promise<Look> {
  const { rows } = await sql<Look>`
    SELECT count(*) FILTER (WHERE ${found})::int AS hits, count(*)::int AS rows,
      coalesce(max(${dayOf}), 0) AS newest
    FROM (SELECT o.id, o.at, o.words FROM operations o WHERE ${isAtOrBelow('o', scope)}
      ORDER BY o.at DESC, o.id DESC LIMIT ${latest}) o`.execute(tx);
  return rows[0] ?? { hits: 0, rows: 0, newest: 0 };
}

/** @returns the latest day on which they are frequent; undefined where they are rare */
async function findFrequentDay(
  tx: Db,
  scope: ScopeRef,
  found: RawBuilder<unknown>,
): Promise<number | undefined> {
  const { rows } = await sql<{ hits: number; day: number }>`
    SELECT count(*)::int AS hits, (array_agg(${dayOf} ORDER BY o.at DESC))[${lastFrequent}::int] AS day
    FROM operations o TABLESAMPLE SYSTEM (${samplePercent}::real) REPEATABLE (1)
    WHERE ${isAtOrBelow('o', scope)} AND ${found}`.execute(tx);
  return (rows[0]?.hits ?? 0) >= frequent ? rows[0]?.day : undefined;
}

const daysBetween = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, nth) => first + nth);

const ways: Ways = ({ pattern, uuid }) => [
  sql`o.words ILIKE ${pattern}`,
  ...(uuid === undefined ? [] : [sql`o.id = ${uuid}`]),
];

import { type RawBuilder, sql } from 'kysely';
import { totalCap } from '#contract/envelope.ts';
import { defaultPageSize, type PageRequest } from '#contract/list.ts';
import type { Db } from '../../connection/connection.ts';
import { type CursorPlace, decodeCursor, encodeCursor, type ListIdentity } from './cursor.ts';

/**
 * How to walk a list in order. Each branch is one condition, usually one visible scope: one ordered,
 * limited SELECT per branch, joined by UNION ALL, uses an index where OR and OFFSET would not
 * (docs/architecture.md, "Lists").
 */
export interface ListPlan {
  /** Tables with their aliases. */
  from: RawBuilder<unknown>;
  branches: readonly RawBuilder<unknown>[];
  /** One row may be in more than one branch. */
  overlapping?: boolean;
  /** What conditions refer to, as members of a WITH: looked up once for all branches. */
  shared?: readonly RawBuilder<unknown>[];
  /** Conditions on every branch. */
  where: readonly RawBuilder<unknown>[];
  /** What rows are sorted by; never null (coalesce). Ties are broken by `id`. */
  key: RawBuilder<unknown>;
  keyType: 'text' | 'timestamptz' | 'integer';
  id: RawBuilder<unknown>;
  idType: 'uuid' | 'integer' | 'text';
  descending: boolean;
}

/** Where a page stands in its list; `http` makes Scalr's links of numbered pages. */
export type PageInfo = (
  | { kind: 'pages'; pageNum: number; lastPage: number }
  | { kind: 'cursor'; next: string | null; prev: string | null }
) & { total?: number; totalCapped?: boolean };

/** What paging knows of a list's query; it may hold filters as well. */
interface ListQuery extends PageRequest {
  sort?: string | undefined;
  include?: readonly string[] | undefined;
}

interface PageOptions {
  /** What the cursor is bound to: the operation, the scope, the filters and the sort. */
  list: ListIdentity;
  /** Whether the answer carries the number of matches. */
  total: boolean;
}

/**
 * Fetches the ids of one page, in order; the caller fetches the rest of these rows in one query.
 * @param query of the list: its page, whether its total is included, and filters and a sort that the cursor is bound to
 * @param of which list it is: the operation, the scope, and whose it is
 * @throws ApiError InvalidValue for a cursor of another list
 */
export async function fetchPage<Id extends string | number>(
  tx: Db,
  plan: ListPlan,
  query: ListQuery,
  of: readonly unknown[],
): Promise<{ ids: Id[]; page: PageInfo }> {
  const { pageNum, maxResults, cursor, include, ...filtersAndSort } = query;
  const options = { list: [...of, filtersAndSort], total: include?.includes('total') ?? false };
  return cursor === undefined
    ? fetchNumberedPage(tx, plan, { pageNum, maxResults }, options)
    : fetchCursorPage(tx, plan, { maxResults, cursor }, options);
}

async function fetchNumberedPage<Id extends string | number>(
  tx: Db,
  plan: ListPlan,
  request: PageRequest,
  options: PageOptions,
): Promise<{ ids: Id[]; page: PageInfo }> {
  const size = request.maxResults ?? defaultPageSize;
  const pageNum = request.pageNum ?? 1;
  const offset = (pageNum - 1) * size;
  const { rows } = await walk<Id>(plan, sql`true`, plan.descending, offset + size, offset).execute(
    tx,
  );
  const total = await countMatches(tx, plan);
  return {
    ids: rows.map((row) => row.id),
    page: {
      kind: 'pages',
      pageNum,
      lastPage: Math.max(1, Math.ceil(total / size)),
      ...(options.total && { total, totalCapped: false }),
    },
  };
}

async function fetchCursorPage<Id extends string | number>(
  tx: Db,
  plan: ListPlan,
  request: PageRequest & { cursor: string },
  options: PageOptions,
): Promise<{ ids: Id[]; page: PageInfo }> {
  const size = request.maxResults ?? defaultPageSize;
  const place = decodeCursor(request.cursor, options.list);
  const backwards = place !== undefined && place.side !== 'after';
  const descending = plan.descending !== backwards;
  const operator = sql.raw(`${descending ? '<' : '>'}${place?.side === 'upTo' ? '=' : ''}`);
  const beyond = place
    ? sql`(${plan.key}, ${plan.id}) ${operator} (${place.key}::${sql.raw(plan.keyType)}, ${place.id}::${sql.raw(plan.idType)})`
    : sql`true`;
  // One row more than the page tells whether there is another page.
  const { rows } = await walk<Id>(plan, beyond, descending, size + 1, 0).execute(tx);
  const more = rows.length > size;
  const shown = rows.slice(0, size);
  if (backwards) shown.reverse();
  const [first, last] = [shown[0], shown.at(-1)];
  const cursor = (row: (typeof rows)[number], side: 'after' | 'before') =>
    encodeCursor({ key: row.key, id: String(row.id), side }, options.list);
  return {
    ids: shown.map((row) => row.id),
    page: {
      kind: 'cursor',
      next: last && (backwards || more) ? cursor(last, 'after') : null,
      prev: first
        ? (backwards ? more : place !== undefined)
          ? cursor(first, 'before')
          : null
        : wayBack(place, options.list),
      ...(options.total && (await cappedTotal(tx, plan))),
    },
  };
}

/** From a page whose rows are all gone: the page before it, which ends with the row it came after. */
function wayBack(place: CursorPlace | undefined, list: ListIdentity): string | null {
  return place?.side === 'after' ? encodeCursor({ ...place, side: 'upTo' }, list) : null;
}

/** Keys travel as text, since a JavaScript date would lose the microseconds of a timestamp. */
function walk<Id>(
  plan: ListPlan,
  beyond: RawBuilder<unknown>,
  descending: boolean,
  limit: number,
  offset: number,
): RawBuilder<{ id: Id; key: string }> {
  const direction = sql.raw(descending ? 'DESC' : 'ASC');
  const branches = plan.branches.map(
    (branch) => sql`(SELECT ${plan.id} AS id, ${plan.key} AS key FROM ${plan.from}
      WHERE ${sql.join([branch, ...plan.where, beyond], sql` AND `)}
      ORDER BY ${plan.key} ${direction}, ${plan.id} ${direction} LIMIT ${limit})`,
  );
  return sql<{ id: Id; key: string }>`${sharedBy(plan)}SELECT page.id, page.key::text AS key
    FROM (${sql.join(branches, unionOf(plan))}) page
    ORDER BY page.key ${direction}, page.id ${direction} LIMIT ${limit - offset} OFFSET ${offset}`;
}

const sharedBy = ({ shared = [] }: ListPlan) =>
  shared.length === 0 ? sql`` : sql`WITH ${sql.join(shared)} `;

/** Each branch is cut at the limit, so what is left when repeats are gone is still enough for a page. */
function unionOf({ overlapping }: ListPlan): RawBuilder<unknown> {
  return overlapping ? sql` UNION ` : sql` UNION ALL `;
}

/** The number of matches, counted no further than `limit` when one is given. */
export async function countMatches(tx: Db, plan: ListPlan, limit?: number): Promise<number> {
  const cap = limit === undefined ? sql`` : sql`LIMIT ${limit}`;
  const branches = plan.branches.map(
    (branch) => sql`(SELECT ${plan.overlapping ? plan.id : sql`1`} FROM ${plan.from}
      WHERE ${sql.join([branch, ...plan.where], sql` AND `)} ${cap})`,
  );
  const { rows } = await sql<{ count: number }>`${sharedBy(plan)}SELECT count(*) AS count
    FROM (SELECT 1 FROM (${sql.join(branches, unionOf(plan))}) every ${cap}) counted`.execute(tx);
  return rows[0]?.count ?? 0;
}

async function cappedTotal(
  tx: Db,
  plan: ListPlan,
): Promise<{ total: number; totalCapped: boolean }> {
  const counted = await countMatches(tx, plan, totalCap + 1);
  return { total: Math.min(counted, totalCap), totalCapped: counted > totalCap };
}

/** Splits `-name` into its column and direction. */
export function parseSort<Name extends string>(
  sort: Name | `-${Name}`,
): { name: Name; descending: boolean } {
  return sort.startsWith('-')
    ? { name: sort.slice(1) as Name, descending: true }
    : { name: sort as Name, descending: false };
}

import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { SignInRecord } from '#contract/people/sign-in-records.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import type { SignInWay } from '../../schema-people.ts';
import { inOrder } from '../lists/in-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, type Ways, waysIn } from '../lists/search.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';

/** A sign-in, or a failed one. */
export interface SignInRecordRow {
  id: number;
  at: Date;
  way: SignInWay;
  outcome: string;
  email: string | null;
  origin: string;
  user_id: number | null;
  user_name: string | null;
}

/** What is being tried at this moment has come to nothing yet. */
const isOver = sql`s.outcome <> 'trying'`;

const results: Record<SignInRecord['result'], RawBuilder<unknown>> = {
  in: sql`s.outcome = 'signed-in'`,
  asked: sql`s.outcome = 'link-asked'`,
  failed: sql`s.outcome NOT IN ('signed-in', 'link-asked')`,
};

/** The addresses of those who hold a right at a scope or below it: whoever administers it knows of these. */
function isWithin(scope: ScopeRef): RawBuilder<unknown> {
  if (scope.scope === 'scalr') return sql`true`;
  return sql`s.email = ANY(ARRAY(SELECT u.email FROM users u JOIN held_grants g ON g.user_id = u.id
    WHERE ${isAtOrBelow('g', scope)}))`;
}

const ways: Ways = (term) => [
  ...waysIn('s.email', 's.origin')(term),
  sql`s.email IN (SELECT u.email FROM users u WHERE u.name ILIKE ${term.pattern})`,
];

/** How to walk the sign-ins of those whom a scope knows. */
export function planSignInRecords(
  scope: ScopeRef,
  filters: ServiceInput<'signInRecordList'>['query'],
): ListPlan {
  const { query, person, way, result, from, to, sort = '-at' } = filters;
  return {
    from: sql`sign_ins s`,
    branches: [isWithin(scope)],
    where: [
      isOver,
      ...matchesSearch(query, ways),
      ...(person === undefined ? [] : [sql`s.email = ${person.toLowerCase()}`]),
      ...(way === undefined ? [] : [sql`s.way = ${way}`]),
      ...(result === undefined ? [] : [results[result]]),
      ...(from === undefined ? [] : [sql`s.at >= ${from}::timestamptz`]),
      ...(to === undefined ? [] : [sql`s.at < ${to}::timestamptz`]),
    ],
    key: sql`s.at`,
    keyType: 'timestamptz',
    id: sql`s.id`,
    idType: 'integer',
    descending: parseSort(sort).descending,
  };
}

const select = sql`SELECT s.id, s.at, s.way, s.outcome, s.email, s.origin, u.id AS user_id, u.name AS user_name
  FROM sign_ins s LEFT JOIN users u ON u.email = s.email`;

/** Sign-ins by id, in the order of the ids. */
export async function fetchSignInRecords(
  tx: Db,
  ids: readonly number[],
): Promise<SignInRecordRow[]> {
  if (ids.length === 0) return [];
  const { rows } =
    await sql<SignInRecordRow>`${select} WHERE s.id = ANY(${[...ids]}::integer[])`.execute(tx);
  return inOrder(ids, rows);
}

/** The latest sign-ins of a user, and what failed with their address. */
export async function fetchOwnSignIns(
  tx: Db,
  userId: number,
  most: number,
): Promise<SignInRecordRow[]> {
  const { rows } = await sql<SignInRecordRow>`${select}
    WHERE s.email = (SELECT email FROM users WHERE id = ${userId}) AND ${isOver}
    ORDER BY s.at DESC, s.id DESC LIMIT ${most}`.execute(tx);
  return rows;
}

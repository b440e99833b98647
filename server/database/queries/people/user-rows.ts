import { type RawBuilder, sql, type Updateable } from 'kysely';
import type { UserStatus } from '#contract/people/users.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import type { Database } from '../../schema.ts';
import { inOrder } from '../lists/in-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isAtOrBelow, isVisible } from '../organisation/visibility.ts';
import { deleteSessionRows } from './sessions.ts';

export interface UserRow {
  id: number;
  email: string;
  name: string;
  status: UserStatus;
  created_at: Date;
  invited_at: Date | null;
  joined_at: Date | null;
  suspended_at: Date | null;
  second_step: boolean;
  version: number;
}

/** What is read of a user. */
export const userColumns = [
  'id',
  'email',
  'name',
  'status',
  'created_at',
  'invited_at',
  'joined_at',
  'suspended_at',
  'second_step',
  'version',
] as const;

/** `alias` is a right that counts at a scope: there, above it or below it. */
export function touches(alias: string, scope: ScopeRef): RawBuilder<boolean> {
  return sql<boolean>`(${isVisible(alias, scope)} OR ${isAtOrBelow(alias, scope)})`;
}

/** Who is seen from a scope: whoever holds a right that counts there; from Corporate everybody. */
function isSeen(scope: ScopeRef): RawBuilder<boolean> {
  if (scope.scope === 'scalr') return sql<boolean>`true`;
  return sql<boolean>`u.id = ANY(ARRAY(SELECT g.user_id FROM held_grants g WHERE ${touches('g', scope)}))`;
}

/** How to walk the people that a scope sees. */
export function userListPlan(
  scope: ScopeRef,
  filters: {
    query?: string | undefined;
    id?: number | undefined;
    status?: UserStatus | undefined;
    sort?: 'name' | '-name' | undefined;
  },
): ListPlan {
  const { query, id, status, sort = 'name' } = filters;
  return {
    from: sql`users u`,
    branches: [isSeen(scope)],
    where: [
      status === undefined ? sql`u.status <> 'left'` : sql`u.status = ${status}`,
      ...matchesSearch(query, waysIn('u.name', 'u.email')),
      ...(id === undefined ? [] : [sql`u.id = ${id}`]),
    ],
    key: naturally(sql`u.name`),
    keyType: 'text',
    id: sql`u.id`,
    idType: 'integer',
    descending: parseSort(sort).descending,
  };
}

/** Users by id, in the order of the ids; unknown ids are left out. */
export async function fetchUsers(tx: Db, ids: readonly number[]): Promise<UserRow[]> {
  if (ids.length === 0) return [];
  return inOrder(
    ids,
    await tx.selectFrom('users').where('id', 'in', ids).select(userColumns).execute(),
  );
}

/** A user whom a scope sees. */
export async function findSeenUser(
  tx: Db,
  scope: ScopeRef,
  id: number,
): Promise<UserRow | undefined> {
  const { rows } = await sql<UserRow>`
    SELECT ${sql.join(userColumns.map((column) => sql.ref(`u.${column}`)))}
    FROM users u WHERE u.id = ${id} AND ${isSeen(scope)}`.execute(tx);
  return rows[0];
}

/**
 * A user for a change: nobody else gives them rights or takes them away until it is through, from whichever
 * scope.
 */
export async function lockUser(
  tx: Db,
  user: { id: number } | { email: string },
): Promise<UserRow | undefined> {
  const [column, value] =
    'id' in user ? (['id', user.id] as const) : (['email', user.email] as const);
  return tx
    .selectFrom('users')
    .where(column, '=', value)
    .select(userColumns)
    .forUpdate()
    .executeTakeFirst();
}

/** Changes a user and raises the version. */
export async function updateUser(
  tx: Db,
  id: number,
  changes: Updateable<Database['users']>,
): Promise<UserRow> {
  return tx
    .updateTable('users')
    .set({ ...changes, version: sql`version + 1` })
    .where('id', '=', id)
    .returning(userColumns)
    .executeTakeFirstOrThrow();
}

/** How many active users administer Corporate, by a right of their own or of a team. */
export async function countChiefs(tx: Db): Promise<number> {
  const { rows } = await sql<{ chiefs: number }>`
    SELECT count(DISTINCT u.id)::int AS chiefs FROM held_grants g JOIN users u ON u.id = g.user_id
    WHERE u.status = 'active' AND g.role = 'administrator' AND g.scope = 'scalr'`.execute(tx);
  return rows[0]?.chiefs ?? 0;
}

/** What of a user lies outside of a scope, and what of them there is to decide by. */
export interface UserFacts {
  /** Rights that are neither at the scope nor below it. */
  beyond: number;
  /** Those of them that are not above it either. */
  elsewhere: number;
  farms: number;
  farmsBeyond: number;
  sessions: number;
  hasPassword: boolean;
  passkeys: number;
}

export async function fetchUserFacts(tx: Db, scope: ScopeRef, id: number): Promise<UserFacts> {
  const { rows } = await sql<UserFacts>`
    SELECT held.*, owned.*, (
      SELECT count(*)::int FROM sessions WHERE user_id = ${id} AND expires_at > clock_timestamp()) AS sessions,
      EXISTS (SELECT FROM passwords WHERE user_id = ${id}) AS "hasPassword",
      (SELECT count(*)::int FROM passkeys WHERE user_id = ${id}) AS passkeys
    FROM (
      SELECT (count(*) FILTER (WHERE (${isAtOrBelow('g', scope)}) IS NOT TRUE))::int AS beyond,
        (count(*) FILTER (WHERE ${touches('g', scope)} IS NOT TRUE))::int AS elsewhere
      FROM held_grants g WHERE g.user_id = ${id}) held, (
      SELECT count(*)::int AS farms,
        (count(*) FILTER (WHERE (${isAtOrBelow('f', scope)}) IS NOT TRUE))::int AS "farmsBeyond"
      FROM farms f WHERE f.owner_id = ${id}) owned`.execute(tx);
  const [facts] = rows;
  if (!facts) throw new Error('Counts have one row');
  return facts;
}

/** Ends all sessions of a user but the one with an id, and what links would sign them in. */
export async function endSessions(tx: Db, userId: number, keptId?: string): Promise<void> {
  await deleteSessionRows(tx, userId, keptId);
  // One that is being redeemed waits for the user, and is refused then.
  await sql`DELETE FROM sign_in_links WHERE token_hash IN (
    SELECT token_hash FROM sign_in_links WHERE user_id = ${userId} AND redeemed_at IS NULL
    FOR UPDATE SKIP LOCKED)`.execute(tx);
}

/** The numbers of the farms that a user owns. */
export async function fetchOwnedFarms(tx: Db, userId: number): Promise<number[]> {
  const rows = await tx
    .selectFrom('farms')
    .where('owner_id', '=', userId)
    .orderBy('id')
    .select('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Gives all farms of a user to another one. */
export async function handOverFarms(tx: Db, from: number, to: number): Promise<void> {
  await tx
    .updateTable('farms')
    .set({ owner_id: to, version: sql`version + 1` })
    .where('owner_id', '=', from)
    .execute();
}

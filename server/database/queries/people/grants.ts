import { type RawBuilder, sql } from 'kysely';
import {
  type Permission,
  rolePermissions,
  type UserRole,
  userRoles,
} from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isAtOrBelow, isVisible } from '../organisation/visibility.ts';
import { placeColumns } from '../records/operations-log.ts';
import { touches } from './user-rows.ts';

/** Whose a right is. */
export type Holder = { userId: number } | { teamId: number };

/** A right of a user or a team, with the names that people read beside it. */
export interface GrantRow {
  id: number;
  role: UserRole;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  user_id: number | null;
  user_name: string | null;
  email: string | null;
  team_id: number | null;
  team_name: string | null;
  created_at: Date;
  created_by: string | null;
}

const names = sql`g.id, g.role, g.scope, g.account_id, g.environment_id, a.name AS account_name,
  e.name AS environment_name, g.team_id, t.name AS team_name`;
const named = sql`LEFT JOIN accounts a ON a.id = g.account_id LEFT JOIN environments e ON e.id = g.environment_id
  LEFT JOIN teams t ON t.id = g.team_id`;

async function selectGrants(
  tx: Db,
  from: RawBuilder<unknown>,
  condition: RawBuilder<unknown>,
): Promise<GrantRow[]> {
  const { rows } = await sql<GrantRow>`
    ${from} SELECT ${names}, g.user_id, u.name AS user_name, u.email, g.created_at, g.created_by
    FROM ${from === nothing ? sql`grants` : sql`changed`} g ${named} LEFT JOIN users u ON u.id = g.user_id
    WHERE ${condition} ORDER BY g.id`.execute(tx);
  return rows;
}

const nothing = sql``;

/** Carries out an INSERT or a DELETE of grants. @returns those that were made or went, by id */
export async function changeGrants(tx: Db, change: RawBuilder<unknown>): Promise<GrantRow[]> {
  return selectGrants(tx, sql`WITH changed AS (${change} RETURNING *)`, sql`true`);
}

/**
 * Gives a user or a team a role at a scope, reaching down to everything below it.
 * @returns undefined where they have it already
 */
export async function insertGrant(
  tx: Db,
  grant: { to: Holder; role: UserRole; at: ScopeRef; by: string },
): Promise<GrantRow | undefined> {
  const { scope, account_id, environment_id } = placeColumns(grant.at);
  const [userId, teamId] = 'userId' in grant.to ? [grant.to.userId, null] : [null, grant.to.teamId];
  const [row] = await changeGrants(
    tx,
    sql`INSERT INTO grants (user_id, team_id, role, scope, account_id, environment_id, created_by)
      VALUES (${userId}, ${teamId}, ${grant.role}, ${scope}, ${account_id}, ${environment_id}, ${grant.by})
      ON CONFLICT DO NOTHING`,
  );
  return row;
}

/** Takes rights from users or teams. @returns them as they were */
export async function deleteGrants(tx: Db, of: Holder | { id: number }): Promise<GrantRow[]> {
  const [column, value] =
    'id' in of ? ['id', of.id] : 'userId' in of ? ['user_id', of.userId] : ['team_id', of.teamId];
  return changeGrants(tx, sql`DELETE FROM grants WHERE ${sql.ref(String(column))} = ${value}`);
}

/** A right that was given at a scope or below it. */
export async function findGrantWithin(
  tx: Db,
  scope: ScopeRef,
  id: number,
): Promise<GrantRow | undefined> {
  const [row] = await selectGrants(tx, nothing, sql`g.id = ${id} AND ${isAtOrBelow('g', scope)}`);
  return row;
}

/** The rights of teams that count at a scope. */
export async function fetchGrantsOfTeam(tx: Db, scope: ScopeRef, id: number): Promise<GrantRow[]> {
  return selectGrants(tx, nothing, sql`g.team_id = ${id} AND ${touches('g', scope)}`);
}

/** A right as somebody has it, of their own or through a team. */
export type HeldRow = GrantRow & { holder_id: number };

/** What users hold, of their own and through teams, as far as it counts at a scope. */
export async function fetchHeldGrants(
  tx: Db,
  scope: ScopeRef,
  userIds: readonly number[],
): Promise<HeldRow[]> {
  const { rows } = await sql<HeldRow>`
    SELECT ${names}, h.user_id AS holder_id, g.user_id, u.name AS user_name, u.email, g.created_at, g.created_by
    FROM held_grants h JOIN grants g ON g.id = h.id ${named} LEFT JOIN users u ON u.id = g.user_id
    WHERE h.user_id = ANY(${[...userIds]}::int[]) AND ${touches('g', scope)}
    ORDER BY g.account_id NULLS FIRST, g.environment_id NULLS FIRST, g.id`.execute(tx);
  return rows;
}

/** Somebody who may do something at a scope, and by which right. */
export interface AccessRow extends Omit<
  GrantRow,
  'user_id' | 'user_name' | 'email' | 'created_at' | 'created_by'
> {
  user_id: number;
  user_name: string;
  email: string;
}

/** How to walk who may do what at a scope, once for each right of each active user. */
export function accessListPlan(
  scope: ScopeRef,
  filters: {
    query?: string | undefined;
    permission?: Permission | undefined;
    user?: number | undefined;
    team?: number | undefined;
    sort?: 'name' | '-name' | undefined;
  },
): ListPlan {
  const { query, permission, user, team, sort = 'name' } = filters;
  return {
    from: sql`held_grants g JOIN users u ON u.id = g.user_id`,
    branches: [sql`u.status = 'active' AND ${isVisible('g', scope)}`],
    where: [
      ...matchesSearch(query, waysIn('u.name', 'u.email')),
      ...(permission ? [sql`g.role = ANY(${rolesWith(permission)}::text[])`] : []),
      ...(user === undefined ? [] : [sql`g.user_id = ${user}`]),
      ...(team === undefined ? [] : [sql`g.team_id = ${team}`]),
    ],
    key: naturally(sql`u.name`),
    keyType: 'text',
    id: sql`g.user_id || '/' || g.id`,
    idType: 'text',
    descending: parseSort(sort).descending,
  };
}

/** Entries of that list by their ids, in that order. */
export async function fetchAccess(tx: Db, ids: readonly string[]): Promise<AccessRow[]> {
  if (ids.length === 0) return [];
  const pairs = ids.map((id) => id.split('/').map(Number));
  const { rows } = await sql<Omit<AccessRow, 'id'> & { id: string; grant_id: number }>`
    SELECT ${names}, g.id AS grant_id, g.user_id || '/' || g.id AS id, g.user_id, u.name AS user_name, u.email
    FROM held_grants g JOIN users u ON u.id = g.user_id ${named}
    WHERE (g.user_id, g.id) IN (SELECT * FROM unnest(
      ${pairs.map(([user]) => user)}::int[], ${pairs.map(([, grant]) => grant)}::int[]))`.execute(
    tx,
  );
  return inOrder(ids, rows).map(({ grant_id, ...row }) => ({ ...row, id: grant_id }));
}

function rolesWith(permission: Permission): UserRole[] {
  return userRoles.filter((role) => rolePermissions[role].includes(permission));
}

/** What a user holds at a scope, there or above it. */
export async function fetchEffectiveGrants(
  tx: Db,
  scope: ScopeRef,
  userId: number,
): Promise<Omit<AccessRow, 'user_id' | 'user_name' | 'email'>[]> {
  const { rows } = await sql<AccessRow>`
    SELECT ${names} FROM held_grants g ${named}
    WHERE g.user_id = ${userId} AND ${isVisible('g', scope)} ORDER BY g.id`.execute(tx);
  return rows;
}

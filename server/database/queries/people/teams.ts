import { type RawBuilder, sql, type Updateable } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import type { Database } from '../../schema.ts';
import { inOrder } from '../lists/in-order.ts';
import { naturally } from '../lists/natural-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch, waysIn } from '../lists/search.ts';
import { isSameName } from '../organisation/same-name.ts';
import { isAt } from '../organisation/visibility.ts';
import { placeColumns } from '../records/operations-log.ts';
import { touches } from './user-rows.ts';

export interface TeamRow {
  id: number;
  name: string;
  external_group: string | null;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  created_at: Date;
  created_by: string;
  version: number;
  members: number;
}

async function selectTeams(tx: Db, condition: RawBuilder<unknown>): Promise<TeamRow[]> {
  const { rows } = await sql<TeamRow>`
    SELECT t.*, a.name AS account_name, e.name AS environment_name,
      (SELECT count(*)::int FROM team_members m WHERE m.team_id = t.id) AS members
    FROM teams t LEFT JOIN accounts a ON a.id = t.account_id
    LEFT JOIN environments e ON e.id = t.environment_id
    WHERE ${condition} ORDER BY t.id`.execute(tx);
  return rows;
}

/** How to walk the teams of a scope, those above it and those below it. */
export function teamListPlan(
  scope: ScopeRef,
  { query, sort = 'name' }: { query?: string | undefined; sort?: 'name' | '-name' | undefined },
): ListPlan {
  return {
    from: sql`teams t`,
    branches: [touches('t', scope)],
    where: matchesSearch(query, waysIn('t.name')),
    key: naturally(sql`t.name`),
    keyType: 'text',
    id: sql`t.id`,
    idType: 'integer',
    descending: parseSort(sort).descending,
  };
}

/** Teams by id, in the order of the ids. */
export async function fetchTeams(tx: Db, ids: readonly number[]): Promise<TeamRow[]> {
  return inOrder(ids, await selectTeams(tx, sql`t.id = ANY(${[...ids]}::int[])`));
}

/** A team that is at a scope, above it or below it. */
export async function findSeenTeam(
  tx: Db,
  scope: ScopeRef,
  id: number,
): Promise<TeamRow | undefined> {
  const [row] = await selectTeams(tx, sql`t.id = ${id} AND ${touches('t', scope)}`);
  return row;
}

/** A team at this scope with the same name or group, other than `ownId`. */
export async function findSameTeam(
  tx: Db,
  scope: ScopeRef,
  same: { name: string; externalGroup: string | null },
  ownId?: number,
): Promise<TeamRow | undefined> {
  const [row] = await selectTeams(
    tx,
    sql`${isAt('t', scope)} AND (${isSameName({ id: 't.id', name: 't.name' }, same.name, ownId)}
      OR (t.external_group = ${same.externalGroup} AND t.id IS DISTINCT FROM ${ownId ?? null}::int))`,
  );
  return row;
}

export async function insertTeam(
  tx: Db,
  team: { name: string; externalGroup: string | null; at: ScopeRef; by: string },
): Promise<number> {
  const { id } = await tx
    .insertInto('teams')
    .values({
      ...placeColumns(team.at),
      name: team.name,
      external_group: team.externalGroup,
      created_by: team.by,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Changes a team and raises its version. */
export async function updateTeamRow(
  tx: Db,
  id: number,
  changes: Updateable<Database['teams']>,
): Promise<void> {
  await tx
    .updateTable('teams')
    .set({ ...changes, version: sql`version + 1` })
    .where('id', '=', id)
    .execute();
}

/** Deletes a team without rights. */
export async function deleteTeamRow(tx: Db, id: number): Promise<void> {
  await tx.deleteFrom('team_members').where('team_id', '=', id).execute();
  await tx.deleteFrom('teams').where('id', '=', id).execute();
}

/** Deletes the teams of a scope that is about to go; their rights have gone. @returns them as they were */
export async function deleteTeamsAt(tx: Db, scope: ScopeRef): Promise<TeamRow[]> {
  const teams = await selectTeams(tx, isAt('t', scope));
  for (const { id } of teams) await deleteTeamRow(tx, id);
  return teams;
}

export interface MemberRow {
  team_id: number;
  team_name: string;
  user_id: number;
  user_name: string;
  email: string;
  source: 'manual' | 'oidc';
}

async function selectMembers(tx: Db, condition: RawBuilder<unknown>): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    SELECT m.team_id, t.name AS team_name, m.user_id, u.name AS user_name, u.email, m.source
    FROM team_members m JOIN teams t ON t.id = m.team_id JOIN users u ON u.id = m.user_id
    WHERE ${condition} ORDER BY ${naturally(sql`u.name`)}, u.id, t.id`.execute(tx);
  return rows;
}

export async function fetchMembers(tx: Db, teamId: number): Promise<MemberRow[]> {
  return selectMembers(tx, sql`m.team_id = ${teamId}`);
}

/** The teams that a user is in, as far as a scope sees them. */
export async function fetchTeamsOf(tx: Db, scope: ScopeRef, userId: number): Promise<MemberRow[]> {
  return selectMembers(tx, sql`m.user_id = ${userId} AND ${touches('t', scope)}`);
}

/** Puts a user into a team. @returns undefined where they are in it already */
export async function insertMember(
  tx: Db,
  teamId: number,
  userId: number,
): Promise<MemberRow | undefined> {
  const added = await tx
    .insertInto('team_members')
    .values({ team_id: teamId, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('user_id')
    .executeTakeFirst();
  if (!added) return undefined;
  const [row] = await selectMembers(tx, sql`m.team_id = ${teamId} AND m.user_id = ${userId}`);
  return row;
}

/** Takes users out of teams: one out of one team, or out of all of theirs. @returns what they were in */
export async function deleteMembers(
  tx: Db,
  of: { userId: number; teamId?: number },
): Promise<MemberRow[]> {
  const condition = sql`m.user_id = ${of.userId} AND (${of.teamId ?? null}::int IS NULL OR m.team_id = ${of.teamId ?? null})`;
  const rows = await selectMembers(tx, condition);
  await sql`DELETE FROM team_members m WHERE ${condition}`.execute(tx);
  return rows;
}

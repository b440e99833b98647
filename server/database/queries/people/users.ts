import { type RawBuilder, sql } from 'kysely';
import type { UserRole } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { placeColumns } from '../records/operations-log.ts';

/** @returns the new row, or undefined when the e-mail address is taken */
export async function insertUser(
  tx: Db,
  user: { email: string; name: string },
): Promise<{ id: number; email: string; name: string } | undefined> {
  return await tx
    .insertInto('users')
    .values(user)
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning(['id', 'email', 'name'])
    .executeTakeFirst();
}

/** Gives a user a role at a scope, reaching down to everything below it. */
export async function insertGrant(
  tx: Db,
  grant: { userId: number; role: UserRole; at: ScopeRef },
): Promise<GrantRow[]> {
  const { scope, account_id, environment_id } = placeColumns(grant.at);
  return changeGrants(
    tx,
    sql`INSERT INTO grants (user_id, role, scope, account_id, environment_id)
      VALUES (${grant.userId}, ${grant.role}, ${scope}, ${account_id}, ${environment_id})`,
  );
}

/** A user's role at a scope, with the scope's names. */
export interface GrantRow {
  id: number;
  user_id: number;
  role: UserRole;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
}

/** Carries out an INSERT or a DELETE of grants. @returns those that were made or went, by id */
export async function changeGrants(tx: Db, change: RawBuilder<unknown>): Promise<GrantRow[]> {
  const { rows } = await sql<GrantRow>`
    WITH changed AS (${change} RETURNING *)
    SELECT c.id, c.user_id, c.role, c.scope, c.account_id, c.environment_id,
      a.name AS account_name, e.name AS environment_name
    FROM changed c
    LEFT JOIN accounts a ON a.id = c.account_id
    LEFT JOIN environments e ON e.id = c.environment_id
    ORDER BY c.id`.execute(tx);
  return rows;
}

/** The accounts in which a user holds a role, there or in an environment, by number; at most `limit`. */
export async function fetchAccountsOfUser(
  db: Db,
  userId: number,
  limit: number,
): Promise<number[]> {
  const rows = await db
    .selectFrom('grants')
    .where('user_id', '=', userId)
    .where('account_id', 'is not', null)
    .select('account_id')
    .distinct()
    .orderBy('account_id')
    .limit(limit)
    .execute();
  return rows.flatMap((row) => row.account_id ?? []);
}

/** Whether anybody has ever been let in; false only before the first start is through. */
export async function hasUsers(db: Db): Promise<boolean> {
  const row = await db.selectFrom('users').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/**
 * The address of somebody who may do everything, for the link that a start prints: the administrator
 * at Corporate scope who has been there longest.
 */
export async function findChiefAdministrator(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('users')
    .innerJoin('grants', 'grants.user_id', 'users.id')
    .where('users.status', '=', 'active')
    .where('grants.role', '=', 'administrator')
    .where('grants.scope', '=', 'scalr')
    .orderBy('users.id')
    .limit(1)
    .select('users.email')
    .executeTakeFirst();
  return row?.email;
}

/** An active user by e-mail address, in any case. */
export async function findUserByEmail(db: Db, email: string): Promise<{ id: number } | undefined> {
  return await db
    .selectFrom('users')
    .where('email', '=', email.trim().toLowerCase())
    .where('status', '=', 'active')
    .select('id')
    .executeTakeFirst();
}

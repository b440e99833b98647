import type { Db } from '../../connection/connection.ts';
import { userColumns, type UserRow } from './user-rows.ts';

/** @returns the new row, or undefined when the e-mail address is taken */
export async function insertUser(
  tx: Db,
  user: { email: string; name: string; invited_at?: Date },
): Promise<UserRow | undefined> {
  return await tx
    .insertInto('users')
    .values(user)
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning(userColumns)
    .executeTakeFirst();
}

/** The accounts in which a user holds a role, there or in an environment, by number; at most `limit`. */
export async function fetchAccountsOfUser(
  db: Db,
  userId: number,
  limit: number,
): Promise<number[]> {
  const rows = await db
    .selectFrom('held_grants')
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
    .innerJoin('held_grants as held', 'held.user_id', 'users.id')
    .where('users.status', '=', 'active')
    .where('held.role', '=', 'administrator')
    .where('held.scope', '=', 'scalr')
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

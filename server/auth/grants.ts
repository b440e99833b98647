import type { Db } from '../database/connection/connection.ts';

/** The accounts in which a user holds a role, there or in an environment, by number; at most two. */
export async function findAccountsOfUser(db: Db, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('grants')
    .where('user_id', '=', userId)
    .where('account_id', 'is not', null)
    .select('account_id')
    .distinct()
    .orderBy('account_id')
    .limit(2)
    .execute();
  return rows.flatMap((row) => row.account_id ?? []);
}

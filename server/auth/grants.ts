import type { Db } from '../database/connection/connection.ts';
import { fetchAccountsOfUser } from '../database/queries/people/users.ts';

/** The account of a user who holds roles in just one, there or in its environments. */
export async function findOnlyAccount(db: Db, userId: number): Promise<number | undefined> {
  const [accountId, another] = await fetchAccountsOfUser(db, userId, 2);
  return another === undefined ? accountId : undefined;
}

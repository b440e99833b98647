import type { Db } from '../database/connection/connection.ts';
import { fetchAccountOfEnvironment } from '../database/queries/organisation/environments.ts';
import { fetchAccountsOfUser } from '../database/queries/people/users.ts';

/** The account of a user who holds roles in just one, there or in its environments. */
export async function findOnlyAccount(db: Db, userId: number): Promise<number | undefined> {
  const [accountId, another] = await fetchAccountsOfUser(db, userId, 2);
  return another === undefined ? accountId : undefined;
}

/** The account of an environment; undefined where there is none. It is no secret, and no right to it. */
export async function findAccountOf(db: Db, environmentId: number): Promise<number | undefined> {
  return fetchAccountOfEnvironment(db, environmentId);
}

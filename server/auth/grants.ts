import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import { fetchAccountsOfUser } from '../database/queries/people/users.ts';

/**
 * The scope that three columns spell.
 * @throws Error when they contradict each other, which the database's checks rule out
 */
export function toScopeRef(
  scope: ScopeRef['scope'],
  accountId: number | null,
  environmentId: number | null,
): ScopeRef {
  if (scope === 'scalr') return { scope };
  if (accountId === null) throw new Error(`A row at ${scope} scope names no account`);
  if (scope === 'account') return { scope, accountId };
  if (environmentId === null) throw new Error('A row at environment scope names no environment');
  return { scope, accountId, environmentId };
}

/** The account of a user who holds roles in just one, there or in its environments. */
export async function findOnlyAccount(db: Db, userId: number): Promise<number | undefined> {
  const [accountId, another] = await fetchAccountsOfUser(db, userId, 2);
  return another === undefined ? accountId : undefined;
}

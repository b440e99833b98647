import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';

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

import type { Session } from '#contract/organisation/scopes.ts';
import type { Db } from '../../connection/connection.ts';

/** Who a user is, with every grant spelled out by name. */
export async function fetchSession(tx: Db, userId: number): Promise<Session> {
  const user = await tx
    .selectFrom('users')
    .where('id', '=', userId)
    .select(['id', 'email', 'name'])
    .executeTakeFirstOrThrow();
  const grants = await tx
    .selectFrom('grants')
    .leftJoin('accounts', 'accounts.id', 'grants.account_id')
    .leftJoin('environments', 'environments.id', 'grants.environment_id')
    .where('user_id', '=', userId)
    .orderBy('grants.id')
    .select([
      'grants.role',
      'grants.scope',
      'grants.account_id as accountId',
      'grants.environment_id as envId',
      'accounts.name as accountName',
      'environments.name as envName',
    ])
    .execute();
  const account = await tx.selectFrom('accounts').select('id').limit(1).executeTakeFirst();
  return { user, grants, empty: account === undefined };
}

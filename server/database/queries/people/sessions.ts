import { sql } from 'kysely';
import type { Session } from '#contract/organisation/scopes.ts';
import type { Db } from '../../connection/connection.ts';
import { executeKept } from '../../connection/sent-ahead.ts';

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

/** Writes down a session that begins now. @returns when it ends at the latest */
export async function insertSession(
  tx: Db,
  { userId, tokenHash, absoluteDays }: { userId: number; tokenHash: Buffer; absoluteDays: number },
): Promise<Date> {
  const row = await tx
    .insertInto('sessions')
    .values({
      token_hash: tokenHash,
      user_id: userId,
      expires_at: sql<Date>`clock_timestamp() + make_interval(days => ${absoluteDays})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return row.expires_at;
}

/**
 * The active user of a session that has neither ended nor been idle for too long.
 * @returns with `touch` when its last use was noted so many seconds ago
 */
export async function findSessionUser(
  db: Db,
  tokenHash: Buffer,
  { idleMinutes, touchAfterSeconds }: { idleMinutes: number; touchAfterSeconds: number },
): Promise<{ id: number; email: string; touch: boolean } | undefined> {
  const select = db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .where('token_hash', '=', tokenHash)
    .where('users.status', '=', 'active')
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .where(
      'last_seen_at',
      '>',
      sql<Date>`clock_timestamp() - make_interval(mins => ${idleMinutes})`,
    )
    .select(['users.id', 'users.email'])
    .select(
      sql<boolean>`last_seen_at < clock_timestamp() - make_interval(secs => ${touchAfterSeconds})`.as(
        'touch',
      ),
    );
  const [row] = await executeKept(db, select.compile());
  return row;
}

/** Notes that a session is in use now. */
export async function touchSession(db: Db, tokenHash: Buffer): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: sql`clock_timestamp()` })
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** @param hashStart the first 8 hexadecimal digits of the hash of its token */
export async function deleteSessionRow(tx: Db, userId: number, hashStart: string): Promise<void> {
  await tx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where(sql`left(encode(token_hash, 'hex'), 8)`, '=', hashStart)
    .execute();
}

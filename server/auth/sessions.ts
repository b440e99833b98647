import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../database/connection/connection.ts';
import { executeKept } from '../database/connection/sent-ahead.ts';

const idleMinutes = 12 * 60;
const absoluteDays = 7;
const touchAfterSeconds = 60;

/** The hash under which a token is kept: whoever reads the table cannot sign in with it. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Starts a session. @returns the token for the cookie, and when it ends at the latest */
export async function createSession(
  tx: Db,
  userId: number,
): Promise<{ token: string; expires: Date }> {
  const token = newToken();
  const row = await tx
    .insertInto('sessions')
    .values({
      token_hash: hashToken(token),
      user_id: userId,
      expires_at: sql<Date>`clock_timestamp() + make_interval(days => ${absoluteDays})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return { token, expires: row.expires_at };
}

export interface FoundSession {
  userId: number;
  email: string;
  /** The start of the hash: names the session in records, opens nothing. */
  credential: string;
}

/** The user of a session that has neither ended nor been idle for 12 hours. */
export async function findSession(db: Db, token: string): Promise<FoundSession | undefined> {
  const hash = hashToken(token);
  const select = db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .where('token_hash', '=', hash)
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
  if (!row) return undefined;
  if (row.touch)
    await db
      .updateTable('sessions')
      .set({ last_seen_at: sql`clock_timestamp()` })
      .where('token_hash', '=', hash)
      .execute();
  return {
    userId: row.id,
    email: row.email,
    credential: `session:${hash.toString('hex').slice(0, 8)}`,
  };
}

/** Ends a session; its token opens nothing any more. */
export async function deleteSession(tx: Db, credential: string, userId: number): Promise<void> {
  await tx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where(sql`left(encode(token_hash, 'hex'), 8)`, '=', credential.replace('session:', ''))
    .execute();
}

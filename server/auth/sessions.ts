import { createHash, randomBytes } from 'node:crypto';
import { ApiError } from '#contract/errors.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  deleteSessionRow,
  fetchWatcherRows,
  findSessionUser,
  insertSession,
  touchSession,
} from '../database/queries/people/sessions.ts';

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

/**
 * Starts a session.
 * @returns the token for the cookie, and when it ends at the latest
 * @throws ApiError BadAuthentication when the user was suspended in this moment
 */
export async function createSession(
  tx: Db,
  userId: number,
): Promise<{ token: string; expires: Date }> {
  const token = newToken();
  const expires = await insertSession(tx, { userId, tokenHash: hashToken(token), absoluteDays });
  if (expires) return { token, expires };
  throw new ApiError('BadAuthentication', 'You cannot sign in. Ask an administrator why.');
}

export interface FoundSession {
  userId: number;
  email: string;
  /** The start of the hash: names the session in records, opens nothing. */
  credential: string;
}

/**
 * The user of a session that has neither ended nor been idle for 12 hours.
 * @param isUse whether somebody is using it, which prolongs it
 */
export async function findSession(
  db: Db,
  token: string,
  isUse = true,
): Promise<FoundSession | undefined> {
  const hash = hashToken(token);
  const row = await findSessionUser(db, hash, { idleMinutes, touchAfterSeconds });
  if (!row) return undefined;
  if (row.touch && isUse) await touchSession(db, hash);
  return {
    userId: row.id,
    email: row.email,
    credential: `session:${hash.toString('hex').slice(0, 8)}`,
  };
}

/** Somebody who waits for news with a session, which that does not prolong. */
export interface Watching {
  session: string;
  userId: number;
  /** Whose news they may hear. */
  accounts: 'all' | ReadonlySet<number>;
  /** Another text is other rights. */
  rights: string;
}

/** Of some sessions, by their hashes in hexadecimal, those that have neither ended nor been idle for 12 hours. */
export async function fetchWatching(
  db: Db,
  sessions: readonly string[],
): Promise<Map<string, Watching>> {
  const rows = await fetchWatcherRows(db, sessions, idleMinutes);
  return new Map(
    rows.map(({ isEverywhere, accountIds, ...row }) => [
      row.session,
      { ...row, accounts: isEverywhere ? 'all' : new Set(accountIds) },
    ]),
  );
}

/** As `fetchWatching`, of the one session with a token. */
export async function findWatching(db: Db, token: string): Promise<Watching | undefined> {
  const session = hashToken(token).toString('hex');
  return (await fetchWatching(db, [session])).get(session);
}

/** Ends a session; its token opens nothing any more. */
export async function deleteSession(tx: Db, credential: string, userId: number): Promise<void> {
  await deleteSessionRow(tx, userId, credential.replace('session:', ''));
}

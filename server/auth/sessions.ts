import { createHash, randomBytes } from 'node:crypto';
import { ApiError } from '#contract/errors.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  deleteSessionRow,
  deleteSessionRows,
  fetchWatcherRows,
  findSessionUser,
  insertSession,
  touchSession,
} from '../database/queries/people/sessions.ts';
import { defaultLimits, type SessionLimits } from '../domain/sign-in/sessions.ts';

export { defaultLimits, type SessionLimits };

const touchAfterSeconds = 10;
const longestUserAgent = 300;

/** The hash under which a token is kept: whoever reads the table cannot sign in with it. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What a session begins with. */
export interface SessionStart {
  hours?: number;
  /** Where it comes from. */
  address?: string;
  /** As the browser calls itself. */
  userAgent?: string;
}

/**
 * Starts a session, which counts as confirmed.
 * @returns the token for the cookie, and when it ends at the latest
 * @throws ApiError BadAuthentication when the user was suspended in this moment
 */
export async function createSession(
  tx: Db,
  userId: number,
  { hours = defaultLimits.hours, address = '', userAgent = '' }: SessionStart = {},
): Promise<{ token: string; expires: Date }> {
  const token = newToken();
  const expires = await insertSession(tx, {
    userId,
    tokenHash: hashToken(token),
    hours,
    address,
    userAgent: userAgent.slice(0, longestUserAgent),
  });
  if (expires) return { token, expires };
  throw new ApiError('BadAuthentication', 'You cannot sign in. Ask an administrator why.');
}

export interface FoundSession {
  userId: number;
  email: string;
  /** The start of the hash: names the session in records, opens nothing. */
  credential: string;
  /** When whoever has it last showed that it is they. */
  confirmedAt: Date;
}

/** How somebody asks with a session. */
interface SessionUse {
  /** Whether somebody is using it, which prolongs it. */
  isUse?: boolean;
  address?: string;
  idleMinutes?: number;
}

/** The user of a session that has neither ended nor been idle for too long. */
export async function findSession(
  db: Db,
  token: string,
  { isUse = true, address = '', idleMinutes = defaultLimits.idleMinutes }: SessionUse = {},
): Promise<FoundSession | undefined> {
  const hash = hashToken(token);
  const row = await findSessionUser(db, hash, { idleMinutes, touchAfterSeconds });
  if (!row) return undefined;
  if (row.touch && isUse) await touchSession(db, hash, address);
  return {
    userId: row.id,
    email: row.email,
    credential: credentialOf(hash.toString('hex').slice(0, 8)),
    confirmedAt: row.confirmedAt,
  };
}

function credentialOf(id: string): string {
  return `session:${id}`;
}

/** The id of the session that a credential names; undefined where it is none. */
export function sessionIdOf(credential: string): string | undefined {
  return credential.startsWith('session:') ? credential.slice('session:'.length) : undefined;
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

/** Of some sessions, by their hashes in hexadecimal, those that have neither ended nor been idle for too long. */
export async function fetchWatching(
  db: Db,
  sessions: readonly string[],
  idleMinutes: number,
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
export async function findWatching(
  db: Db,
  token: string,
  idleMinutes: number,
): Promise<Watching | undefined> {
  const session = hashToken(token).toString('hex');
  return (await fetchWatching(db, [session], idleMinutes)).get(session);
}

/** Ends a session; its token opens nothing any more. */
export async function deleteSession(tx: Db, credential: string, userId: number): Promise<void> {
  const id = sessionIdOf(credential);
  if (id !== undefined) await deleteSessionRow(tx, userId, id);
}

/**
 * Ends all sessions of a user, as when they are suspended; all but one, where the user has just changed how they
 * sign in.
 * @param kept the credential of the one that goes on
 */
export async function deleteSessions(tx: Db, userId: number, kept = ''): Promise<void> {
  await deleteSessionRows(tx, userId, sessionIdOf(kept));
}

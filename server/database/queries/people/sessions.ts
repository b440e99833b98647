import { type RawBuilder, sql } from 'kysely';
import type { Session } from '#contract/organisation/scopes.ts';
import type { Db } from '../../connection/connection.ts';
import { executeKept } from '../../connection/sent-ahead.ts';
import { writeSealed } from '../../records/seals.ts';
import type { SignInWay } from '../../schema-people.ts';

/** Who a user is, with what they hold spelled out by name: once, whether of their own or through a team. */
export async function fetchSession(tx: Db, userId: number): Promise<Session> {
  const user = await tx
    .selectFrom('users')
    .where('id', '=', userId)
    .select(['id', 'email', 'name'])
    .executeTakeFirstOrThrow();
  const grants = await tx
    .selectFrom('held_grants as held')
    .leftJoin('accounts', 'accounts.id', 'held.account_id')
    .leftJoin('environments', 'environments.id', 'held.environment_id')
    .where('user_id', '=', userId)
    .groupBy([
      'held.role',
      'held.scope',
      'held.account_id',
      'held.environment_id',
      'accounts.name',
      'environments.name',
    ])
    .orderBy((held) => held.fn.min('held.id'))
    .select([
      'held.role',
      'held.scope',
      'held.account_id as accountId',
      'held.environment_id as envId',
      'accounts.name as accountName',
      'environments.name as envName',
    ])
    .execute();
  const account = await tx.selectFrom('accounts').select('id').limit(1).executeTakeFirst();
  return { user, grants, empty: account === undefined };
}

/** Writes down a session that begins now. @returns when it ends at the latest; undefined for who is not active */
export async function insertSession(
  tx: Db,
  session: { userId: number; tokenHash: Buffer; hours: number; address: string; userAgent: string },
): Promise<Date | undefined> {
  const own = sql`token_hash = ${session.tokenHash}`;
  return writeSealed(tx, 'sessions', own, (within) => insertSessionRow(within, session));
}

async function insertSessionRow(
  tx: Db,
  session: Parameters<typeof insertSession>[1],
): Promise<Date | undefined> {
  // Whoever is being suspended at this moment is waited for, and gets none.
  const row = await tx
    .with('joined', (db) =>
      db
        .updateTable('users')
        .set({ joined_at: sql`coalesce(joined_at, clock_timestamp())` })
        .where('id', '=', session.userId)
        .where('status', '=', 'active')
        .returning('id'),
    )
    .insertInto('sessions')
    .columns(['token_hash', 'user_id', 'address', 'user_agent', 'expires_at'])
    .expression((db) =>
      db
        .selectFrom('joined')
        .select([
          sql<Buffer>`${session.tokenHash}::bytea`.as('token_hash'),
          'joined.id',
          sql<string>`${session.address}::text`.as('address'),
          sql<string>`${session.userAgent}::text`.as('user_agent'),
          sql<Date>`clock_timestamp() + make_interval(hours => ${session.hours})`.as('expires_at'),
        ]),
    )
    .returning('expires_at')
    .executeTakeFirst();
  return row?.expires_at;
}

/** Notes which way somebody came in with a session. */
export async function setSessionWay(tx: Db, tokenHash: Buffer, way: SignInWay): Promise<void> {
  await writeSealed(tx, 'sessions', sql`token_hash = ${tokenHash}`, (within) =>
    within.updateTable('sessions').set({ way }).where('token_hash', '=', tokenHash).execute(),
  );
}

/** A session that somebody listens with, and what they may see. */
export interface WatcherRow {
  /** The hash of its token, in hexadecimal. */
  session: string;
  userId: number;
  isEverywhere: boolean;
  accountIds: number[];
  /** All grants as one text, to tell whether any has changed. */
  rights: string;
}

/** Of some sessions those that have not ended, with what their users may see. It is no use of them. */
export async function fetchWatcherRows(
  db: Db,
  sessions: readonly string[],
  idleMinutes: number,
): Promise<WatcherRow[]> {
  const { rows } = await sql<WatcherRow>`
    SELECT encode(s.token_hash, 'hex') AS session, u.id AS "userId", coalesce(held."isEverywhere", false) AS "isEverywhere",
      coalesce(held."accountIds", '{}') AS "accountIds", coalesce(held.rights, '') AS rights
    FROM sessions s JOIN users u ON u.id = s.user_id
    LEFT JOIN (
      SELECT user_id, bool_or(account_id IS NULL) AS "isEverywhere",
        array_agg(DISTINCT account_id) FILTER (WHERE account_id IS NOT NULL) AS "accountIds",
        string_agg(concat_ws('/', role, account_id, environment_id), ' ' ORDER BY id) AS rights
      FROM held_grants GROUP BY user_id) held ON held.user_id = u.id
    WHERE s.token_hash IN (SELECT decode(hash, 'hex') FROM unnest(${[...sessions]}::text[]) hash)
      AND u.status = 'active' AND ${goesOn('s', idleMinutes)}`.execute(db);
  return rows;
}

/**
 * Whether a session has neither ended nor been idle for too long, at the moment that its transaction began: at the
 * very end of its time it goes on no longer.
 */
function goesOn(alias: string, idleMinutes: number): RawBuilder<boolean> {
  const s = sql.raw(alias);
  return sql<boolean>`${s}.expires_at > now()
    AND ${s}.last_seen_at > now() - make_interval(mins => ${idleMinutes})`;
}

/**
 * The active user of a session that has neither ended nor been idle for too long.
 * @returns with `touch` when its last use was noted so many seconds ago
 */
export async function findSessionUser(
  db: Db,
  tokenHash: Buffer,
  { idleMinutes, touchAfterSeconds }: { idleMinutes: number; touchAfterSeconds: number },
): Promise<{ id: number; email: string; confirmedAt: Date; touch: boolean } | undefined> {
  const select = db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .where('token_hash', '=', tokenHash)
    .where('users.status', '=', 'active')
    .where(goesOn('sessions', idleMinutes))
    .select(['users.id', 'users.email', 'sessions.confirmed_at as confirmedAt'])
    .select(
      sql<boolean>`last_seen_at <= now() - make_interval(secs => ${touchAfterSeconds})`.as('touch'),
    );
  const [row] = await executeKept(db, select.compile());
  return row;
}

/** Notes that a session is in use now, and from where. */
export async function touchSession(db: Db, tokenHash: Buffer, address: string): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: sql`clock_timestamp()`, address })
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** The first 8 hexadecimal digits of the hash of its token name a session among those of its user. */
export const sessionId = sql<string>`left(encode(token_hash, 'hex'), 8)`;

export async function deleteSessionRow(tx: Db, userId: number, id: string): Promise<void> {
  await tx.deleteFrom('sessions').where('user_id', '=', userId).where(sessionId, '=', id).execute();
}

/** Deletes all sessions of a user but the one with an id. */
export async function deleteSessionRows(tx: Db, userId: number, keptId = ''): Promise<void> {
  await tx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where(sessionId, '<>', keptId)
    .execute();
}

/** A session as its user sees it. */
export interface SessionRow {
  id: string;
  address: string;
  user_agent: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

const mostSessions = 100;

/** The sessions of a user that go on, the last used first. */
export async function fetchSessions(
  tx: Db,
  userId: number,
  idleMinutes: number,
): Promise<SessionRow[]> {
  return tx
    .selectFrom('sessions')
    .where('user_id', '=', userId)
    .where(goesOn('sessions', idleMinutes))
    .select(['address', 'user_agent', 'created_at', 'last_seen_at', 'expires_at'])
    .select(sessionId.as('id'))
    .orderBy('last_seen_at', 'desc')
    .limit(mostSessions)
    .execute();
}

import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { createTenant } from '../testing/harness.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  createSession,
  deleteSession,
  deleteSessions,
  fetchWatching,
  findSession,
  hashToken,
} from './sessions.ts';

const database = withDatabase();
let userId: number;

beforeAll(async () => {
  const { email } = (await createTenant(database.db)).viewer;
  const user = await database.db
    .selectFrom('users')
    .where('email', '=', email)
    .select('id')
    .executeTakeFirstOrThrow();
  userId = user.id;
});

/**
 * A session that was last used so long ago, and ends by itself in so long: of the moment at which a transaction
 * began, in which the clock stands still. @returns its token
 */
async function sessionUsed(ago: string, { endsIn = '1 day', db = database.db as Db } = {}) {
  const { token } = await createSession(db, userId);
  await sql`UPDATE sessions SET last_seen_at = now() - ${ago}::interval,
    expires_at = now() + ${endsIn}::interval
    WHERE token_hash = ${hashToken(token)}`.execute(db);
  return token;
}

/** Whether a session goes on, for whoever asks with it and for whoever listens with it. */
async function goesOn(ago: string, { endsIn = '1 day', idleMinutes = 30 } = {}): Promise<boolean> {
  return database.db.transaction().execute(async (db) => {
    const token = await sessionUsed(ago, { endsIn, db });
    const hash = hashToken(token).toString('hex');
    const isHeard = (await fetchWatching(db, [hash], idleMinutes)).has(hash);
    const found = await findSession(db, token, { isUse: false, idleMinutes });
    expect(isHeard).toBe(found !== undefined);
    return found !== undefined;
  });
}

/** Seconds since a session was last used, as it is kept. */
async function unseenSeconds(token: string): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    SELECT extract(epoch FROM clock_timestamp() - last_seen_at)::float AS seconds
    FROM sessions WHERE token_hash = ${hashToken(token)}`.execute(database.db);
  return rows[0]?.seconds ?? Number.NaN;
}

describe('a session', () => {
  it('opens with its own token only', async () => {
    const { token } = await createSession(database.db, userId);
    expect(await findSession(database.db, token)).toMatchObject({ userId });
    expect(await findSession(database.db, `${token}x`)).toBeUndefined();
  });

  it('ends after 30 minutes without use, to the second', async () => {
    expect(await goesOn('29 minutes 59 seconds')).toBe(true);
    expect(await goesOn('30 minutes')).toBe(false);
  });

  it('ends after as many minutes without use as are set', async () => {
    expect(await goesOn('59 seconds', { idleMinutes: 1 })).toBe(true);
    expect(await goesOn('1 minute', { idleMinutes: 1 })).toBe(false);
    expect(await goesOn('12 hours', { idleMinutes: 1440 })).toBe(true);
  });

  it('ends after its time, however much it is used, to the second', async () => {
    expect(await goesOn('0 seconds', { endsIn: '1 second' })).toBe(true);
    expect(await goesOn('0 seconds', { endsIn: '0 seconds' })).toBe(false);
  });

  it.each([
    [undefined, 12],
    [1, 1],
    [720, 720],
  ])('has %s hours as its time, of which using it adds none', async (hours, expected) => {
    const start = hours === undefined ? {} : { hours };
    const { token, expires } = await createSession(database.db, userId, start);
    await findSession(database.db, token);
    const { rows } = await sql<{ lasts: number; expires: Date }>`
        SELECT extract(epoch FROM expires_at - created_at)::float AS lasts, expires_at AS expires
        FROM sessions WHERE token_hash = ${hashToken(token)}`.execute(database.db);
    expect(rows[0]?.lasts).toBeCloseTo(expected * 3600, 0);
    expect(rows[0]?.expires).toEqual(expires);
  });

  it('notes when and from where it was last used, exact to ten seconds', async () => {
    const token = await sessionUsed('11 minutes');
    await findSession(database.db, token, { address: '10.1.2.3' });
    expect(await unseenSeconds(token)).toBeLessThan(60);
    const rows = database.db.selectFrom('sessions').where('token_hash', '=', hashToken(token));
    expect(await rows.select('address').execute()).toEqual([{ address: '10.1.2.3' }]);
    await database.db.transaction().execute(async (db) => {
      const touched = async (ago: string) => {
        const used = await sessionUsed(ago, { db });
        await findSession(db, used);
        const { rows: seen } = await sql<{ now: boolean }>`
          SELECT last_seen_at >= now() AS now FROM sessions
          WHERE token_hash = ${hashToken(used)}`.execute(db);
        return seen[0]?.now;
      };
      expect(await touched('9 seconds')).toBe(false);
      expect(await touched('10 seconds')).toBe(true);
    });
  });

  it('is not prolonged by what a page does by itself', async () => {
    const token = await sessionUsed('11 minutes');
    await findSession(database.db, token, { isUse: false });
    expect(await unseenSeconds(token)).toBeGreaterThanOrEqual(660);
  });

  it('of somebody who was suspended opens nothing', async () => {
    const { token } = await createSession(database.db, userId);
    const setStatus = (status: 'active' | 'suspended') =>
      database.db.updateTable('users').set({ status }).where('id', '=', userId).execute();
    await setStatus('suspended');
    expect(await findSession(database.db, token)).toBeUndefined();
    await setStatus('active');
    expect(await findSession(database.db, token)).toBeDefined();
  });

  it('ends with all others of its user, or with all but one', async () => {
    const start = async () => (await createSession(database.db, userId)).token;
    const [one, two] = [await start(), await start()];
    const kept = await findSession(database.db, one);
    await deleteSessions(database.db, userId, kept?.credential);
    expect(await findSession(database.db, one)).toBeDefined();
    expect(await findSession(database.db, two)).toBeUndefined();
    await deleteSessions(database.db, userId);
    expect(await findSession(database.db, one)).toBeUndefined();
  });

  it('that is signed out of ends, and no other one of the same user', async () => {
    const [left, kept] = [
      await createSession(database.db, userId),
      await createSession(database.db, userId),
    ];
    const found = await findSession(database.db, left.token);
    await deleteSession(database.db, found?.credential ?? '', userId);
    expect(await findSession(database.db, left.token)).toBeUndefined();
    expect(await findSession(database.db, kept.token)).toBeDefined();
  });
});

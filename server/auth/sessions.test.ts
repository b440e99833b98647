import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { createTenant } from '../testing/harness.ts';
import { createSession, deleteSession, findSession, hashToken } from './sessions.ts';

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

/** A session that was last used so long ago, and ends by itself in so long. @returns its token */
async function sessionUsed(ago: string, { endsIn = '1 day' } = {}): Promise<string> {
  const { token } = await createSession(database.db, userId);
  await sql`UPDATE sessions SET last_seen_at = clock_timestamp() - ${ago}::interval,
    expires_at = clock_timestamp() + ${endsIn}::interval
    WHERE token_hash = ${hashToken(token)}`.execute(database.db);
  return token;
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

  it('ends after 12 hours without use', async () => {
    expect(await findSession(database.db, await sessionUsed('11 hours 59 minutes'))).toBeDefined();
    expect(await findSession(database.db, await sessionUsed('12 hours 1 minute'))).toBeUndefined();
  });

  it('ends after 7 days, however much it is used', async () => {
    const { token, expires } = await createSession(database.db, userId);
    const days = (expires.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);
    await findSession(database.db, token);
    const over = await sessionUsed('1 minute', { endsIn: '-1 second' });
    expect(await findSession(database.db, over)).toBeUndefined();
  });

  it('notes when it was last used, exact to a minute', async () => {
    const token = await sessionUsed('11 hours');
    await findSession(database.db, token);
    expect(await unseenSeconds(token)).toBeLessThan(60);
    const recent = await sessionUsed('50 seconds');
    await findSession(database.db, recent);
    expect(await unseenSeconds(recent)).toBeGreaterThanOrEqual(50);
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

import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { takeWriteLock } from '../../database/connection/locks.ts';
import { type Browser, buildTestApp, openBrowser } from '../../testing/app.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();
const present = 'correct horse battery';
const others = ['another one, as long', 'one more of that length'];
let app: FastifyInstance;

beforeAll(async () => {
  app = buildTestApp(database.db);
  await createTenant(database.db);
});
afterAll(() => app.close());

const set = async (browser: Browser, body: { password?: string | undefined; present?: string }) =>
  (await browser.send('POST', '/self/password/', body)).statusCode;

async function signIn(email: string, password: string): Promise<number> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1beta0/self/session/password/',
    headers: { host: 'localhost', origin: 'http://localhost' },
    payload: { email, password },
  });
  return answer.statusCode;
}

/** Somebody with a password, who has signed in at two browsers too long ago for that to stand for it. */
async function somebody() {
  const email = `${randomName('person')}@example.com`;
  await database.db.insertInto('users').values({ email, name: 'Somebody' }).execute();
  expect(await set(await openBrowser(app, database.db, email), { password: present })).toBe(200);
  const browsers = [
    await openBrowser(app, database.db, email),
    await openBrowser(app, database.db, email),
  ];
  await sql`UPDATE sessions SET created_at = created_at - interval '16 minutes'`.execute(
    database.db,
  );
  return { email, browsers };
}

/** Lets changes begin, and none be made before all of them are ready for it. */
async function makeAtOnce(begin: () => Promise<number>[]): Promise<number[]> {
  const changes = await database.db.transaction().execute(async (tx) => {
    await takeWriteLock(tx, { corporate: true });
    await sql`SELECT`.execute(tx);
    const begun = begin();
    await vi.waitFor(async () => {
      const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM pg_locks
        WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(
        tx,
      );
      expect(rows[0]?.count).toBe(begun.length);
    }, 30_000);
    // Wrapped, so that the transaction does not wait for them.
    return { begun };
  });
  return Promise.all(changes.begun);
}

describe('a password', () => {
  it('stays where the present one is not given with the new one', async () => {
    const { email, browsers } = await somebody();
    const [password] = others;
    for (const browser of browsers) expect(await set(browser, { password })).toBe(400);
    expect(await signIn(email, present)).toBe(201);
  });

  it('changes once where two change it at once, each with the present one', async () => {
    const { email, browsers } = await somebody();
    const statuses = await makeAtOnce(() =>
      browsers.map((browser, index) => set(browser, { password: others[index], present })),
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 400]);
    const signedIn = [];
    for (const password of others) signedIn.push(await signIn(email, password));
    expect(signedIn).toEqual(statuses.map((status) => (status === 200 ? 201 : 401)));
  });
});

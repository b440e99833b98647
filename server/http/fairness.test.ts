import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Db, openDatabase, poolOf } from '../database/connection/connection.ts';
import { takeWriteLock } from '../database/connection/locks.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createClient, createTenant, type Tenant } from '../testing/harness.ts';

const database = withDatabase();
let db: Db;
let exportsDb: Db;
let app: FastifyInstance;
let loud: Tenant;
let quiet: Tenant;

const connections = 16;

beforeAll(async () => {
  db = openDatabase(database.url, { maxConnections: connections });
  exportsDb = openDatabase(database.url, { maxConnections: 3 });
  app = buildTestApp(db, { exportsDb, env: { databaseConnections: connections } });
  loud = await createTenant(database.db);
  quiet = await createTenant(database.db);
});
afterAll(async () => {
  await app.close();
  await db.destroy();
  await exportsDb.destroy();
});

const browserOf = ({ email }: { email: string }) => openBrowser(app, database.db, email);

/** Does something while a statement of somebody else's keeps others waiting. */
async function whileHeld(
  hold: (tx: Parameters<typeof takeWriteLock>[0]) => Promise<unknown>,
  work: (release: () => void) => Promise<void>,
): Promise<void> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holding = database.db.transaction().execute(async (tx) => {
    await hold(tx);
    held.resolve();
    await released;
  });
  await held.promise;
  await work(release).finally(release);
  await holding;
}

async function waitForLocks(least: number): Promise<void> {
  await vi.waitFor(async () => {
    const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(database.db);
    expect(rows[0]?.n).toBeGreaterThanOrEqual(least);
  }, 10_000);
}

const create = (browser: Browser, { account }: Tenant, name: string) =>
  browser.send('POST', `/account/${account.accountId}/environments/`, { name });

describe('an account whose changes all wait', () => {
  test('keeps nobody else from reading and writing, and none of what it may ask is lost', async () => {
    const writer = await browserOf(loud.accountAdmin);
    const other = await browserOf(quiet.accountAdmin);
    const { accountId } = loud.account;
    await whileHeld(
      (tx) => takeWriteLock(tx, { accountId }),
      async (release) => {
        const changes = Array.from({ length: 64 }, (_, n) => create(writer, loud, `loud-${n}`));
        await waitForLocks(2);
        expect((await create(other, quiet, 'quiet')).statusCode).toBe(201);
        const path = `/user/${quiet.environment.environmentId}/images/`;
        expect((await other.send('GET', path)).statusCode).toBe(200);
        // Not even the account's own readers wait, and the pool is never full.
        const reader = await browserOf(loud.viewer);
        expect((await reader.send('GET', `/account/${accountId}/images/`)).statusCode).toBe(200);
        expect(poolOf(db).counts().waiting).toBe(0);
        release();
        const statuses = (await Promise.all(changes)).map((answer) => answer.statusCode);
        expect(new Set(statuses)).toEqual(new Set([201]));
      },
    );
  });

  test('is told when it asks for too much at once, and the others are not', async () => {
    const writer = await browserOf(loud.accountAdmin);
    const { accountId } = loud.account;
    await whileHeld(
      (tx) => takeWriteLock(tx, { accountId }),
      async (release) => {
        const changes = Array.from({ length: 70 }, (_, n) => create(writer, loud, `more-${n}`));
        const refused = await Promise.race(changes);
        expect(refused.json()).toMatchObject({
          errors: [{ code: 'LimitExceeded', message: expect.stringContaining('your requests') }],
        });
        expect(refused.headers['retry-after']).toBe('1');
        const colleague = await browserOf(
          await createClient(database.db, 'administrator', loud.account),
        );
        const late = create(colleague, loud, 'of-a-colleague');
        release();
        expect((await late).statusCode).toBe(201);
        const statuses = (await Promise.all(changes)).map((answer) => answer.statusCode);
        // Two that ran and 64 that waited.
        expect(statuses.filter((status) => status === 201)).toHaveLength(66);
        expect(statuses.filter((status) => status === 429)).toHaveLength(4);
      },
    );
  });

  test('in all its environments is still one account', async () => {
    const writer = await browserOf(loud.accountAdmin);
    const { accountId } = loud.account;
    const rename = ({ environmentId }: Tenant['environment'], n: number) =>
      writer.send('POST', `/user/${environmentId}/role-categories/`, { name: `category-${n}` });
    await whileHeld(
      (tx) => takeWriteLock(tx, { accountId }),
      async (release) => {
        const changes = [loud.environment, loud.otherEnvironment].flatMap((environment) =>
          Array.from({ length: 6 }, (_, n) => rename(environment, n)),
        );
        await waitForLocks(2);
        expect(poolOf(db).counts().waiting).toBe(0);
        const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(database.db);
        expect(rows[0]?.n).toBe(2);
        release();
        for (const answer of await Promise.all(changes)) expect(answer.statusCode).toBe(201);
      },
    );
  });
});

describe('exports', () => {
  const exportOf = (browser: Browser, { account }: Tenant) =>
    browser.send('GET', `/account/${account.accountId}/usage/csv/`);
  const holdFleet = (tx: Db) => sql`LOCK TABLE server_groups IN ACCESS EXCLUSIVE MODE`.execute(tx);

  test('one goes on for each user and a few in all, and nobody else waits for them', async () => {
    const people = await Promise.all(
      Array.from({ length: 4 }, () => createClient(database.db, 'viewer', loud.account)),
    );
    const [one, two, three, four] = await Promise.all(people.map(browserOf));
    if (!one || !two || !three || !four) throw new Error('Four people are signed in');
    await whileHeld(holdFleet, async (release) => {
      const going = [exportOf(one, loud)];
      await waitForLocks(1);
      const again = await exportOf(one, loud);
      expect(again.json()).toMatchObject({ errors: [{ code: 'LimitExceeded' }] });
      expect(again.headers['retry-after']).toBe('10');
      going.push(exportOf(two, loud), exportOf(three, loud));
      await waitForLocks(3);
      expect((await exportOf(four, loud)).statusCode).toBe(429);
      const other = await browserOf(quiet.accountAdmin);
      expect((await create(other, quiet, 'beside-exports')).statusCode).toBe(201);
      expect(poolOf(db).counts().waiting).toBe(0);
      release();
      for (const answer of await Promise.all(going)) expect(answer.statusCode).toBe(200);
    });
    expect((await exportOf(four, loud)).statusCode).toBe(200);
  });
});

test('a pool that is held for longer than requests wait says so, and no longer than that', async () => {
  const pool = poolOf(db);
  const held = await Promise.all(
    Array.from({ length: connections }, () => db.startTransaction().execute()),
  );
  await sql`SELECT 1`.execute(held[0] ?? db);
  expect(pool.starvedMs()).toBe(0);
  await expect(sql`SELECT 1`.execute(db)).rejects.toThrow();
  expect(pool.starvedMs()).toBeGreaterThan(1_000);
  for (const tx of held) await tx.rollback().execute();
  expect(pool.starvedMs()).toBe(0);
  await sql`SELECT 1`.execute(db);
  expect(pool.starvedMs()).toBe(0);
});

import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Db, openDatabase, poolOf } from '../database/connection/connection.ts';
import { Heartbeat } from '../database/connection/heartbeat.ts';
import { Health } from '../health.ts';
import { type Browser, buildTestApp, openBrowser } from './app.ts';
import { withDatabase } from './database.ts';
import { FaultProxy } from './network/fault-proxy.ts';
import { createTenant, randomName } from './harness.ts';

// What people are told while PostgreSQL is gone, hung or cut off, and that it passes.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const refusedWithinMs = 5_000;
const recoversWithinMs = 3_000;
const maxConnections = 4;
/** Of one account: docs/operations.md, "Fairness". */
const writersAtOnce = 2;

const database = withDatabase();
let proxy: FaultProxy;
let db: Db;
let heartbeat: Heartbeat;
let app: FastifyInstance;
let browser: Browser;

beforeEach(async () => {
  proxy = new FaultProxy(database.url);
  const url = await proxy.listen();
  db = openDatabase(url, { maxConnections });
  heartbeat = new Heartbeat(url, db);
  const health = new Health(heartbeat);
  health.phase = 'serving';
  app = buildTestApp(db, { health });
  const { corporateAdmin } = await createTenant(database.db);
  browser = await openBrowser(app, database.db, corporateAdmin.email);
});

afterEach(async () => {
  proxy.heal();
  await app.close();
  await heartbeat.stop();
  await db.destroy();
  await proxy.close();
});

const read = () => browser.send('GET', '/global/accounts/');
const write = (name = randomName('account')) => browser.send('POST', '/global/accounts/', { name });

async function probe(path: string): Promise<string> {
  const { statusCode, body } = await app.inject(path);
  return `${statusCode} ${body.trim()}`;
}

/** Sends more requests than there are connections. */
async function expectRefusals(): Promise<void> {
  const started = performance.now();
  const sent = Array.from({ length: 3 * maxConnections }, (_, i) =>
    i % 2 === 0 ? read() : write(),
  );
  for (const answer of await Promise.all(sent)) expectRefusal(answer);
  expect(performance.now() - started).toBeLessThan(refusedWithinMs);
}

function expectRefusal(answer: LightMyRequestResponse): void {
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('2');
  expect(answer.json()).toMatchObject({ errors: [{ code: 'ServiceUnavailable' }] });
}

async function expectRecovery(): Promise<void> {
  const timeout = { timeout: recoversWithinMs, interval: 50 };
  await expect.poll(async () => (await write()).statusCode, timeout).toBe(201);
  expect((await read()).statusCode).toBe(200);
  expect(await probe('/readyz')).toBe('200 ready');
  expect(poolOf(db).counts().waiting).toBe(0);
  // The pool's, and the heartbeat's: whatever was cut off is closed.
  await expect
    .poll(() => proxy.connections, { timeout: 5_000 })
    .toBeLessThanOrEqual(maxConnections + 1);
}

async function expectOutage(reason: string): Promise<void> {
  const started = performance.now();
  expect(await probe('/readyz')).toBe(`503 ${reason}`);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(await probe('/livez')).toBe('200 ok');
}

describe('while PostgreSQL', () => {
  test('hangs, every request is told to come back, and it recovers', async () => {
    await Promise.all([read(), write(), read(), write()]);
    proxy.hang();
    await Promise.all([expectRefusals(), expectOutage('the database does not answer')]);
    const until = performance.now() + (full ? 25_000 : 0);
    do await expectRefusals();
    while (performance.now() < until);
    await expectOutage('the database does not answer');
    proxy.heal();
    await expectRecovery();
  });

  test('is gone, every request is told to come back, and it recovers', async () => {
    await Promise.all([read(), write()]);
    proxy.reset({ refusing: true });
    await Promise.all([expectRefusals(), expectOutage('the database refuses connections')]);
    proxy.heal();
    await expectRecovery();
  });

  test('resets connections in the middle of transactions, nothing is half done', async () => {
    const names = Array.from({ length: writersAtOnce }, () => randomName('account'));
    const answers = await whileLocked(async () => {
      const sent = names.map(write);
      await expect.poll(countWaiting, { timeout: 4_000 }).toBe(names.length);
      proxy.reset();
      return sent;
    });
    for (const answer of answers) expectRefusal(answer);
    expect(await namesOf(names)).toEqual([]);
    await expectRecovery();
  });

  test('keeps every connection busy, who waits too long is told to come back', async () => {
    const { promise: goesOn, resolve: end } = Promise.withResolvers<void>();
    const busy = Array.from({ length: maxConnections }, () =>
      db.connection().execute(() => goesOn),
    );
    await expectRefusals();
    // It is slow, not lost: another process would find it as slow.
    expect(await probe('/readyz')).toBe('200 ready');
    end();
    await Promise.all(busy);
    await expectRecovery();
  });
});

describe('an answer to COMMIT that never came is told as unknown', () => {
  test.each([
    ['before', []],
    ['after', ['done']],
  ] as const)('when the connection broke %s PostgreSQL had it', async (moment, done) => {
    const name = randomName('account');
    await read();
    proxy.breakNextCommit(moment);
    // The first commit on the way is that of this change.
    const answer = await write(name);
    expectRefusal(answer);
    expect(answer.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('it may or may not have been done') }],
    });
    await expect.poll(async () => (await namesOf([name])).map(() => 'done')).toEqual(done);
  });
});

/** Holds what creating an account needs, and gives back what was sent meanwhile once it is free again. */
async function whileLocked<T>(send: () => Promise<Promise<T>[]>): Promise<T[]> {
  const sent = await database.db.transaction().execute(async (tx) => {
    await sql`LOCK TABLE accounts IN SHARE MODE`.execute(tx);
    return { answers: await send() };
  });
  return Promise.all(sent.answers);
}

async function countWaiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(database.db);
  return rows[0]?.count ?? 0;
}

async function namesOf(names: string[]): Promise<string[]> {
  const found = await database.db
    .selectFrom('accounts')
    .select('name')
    .where('name', 'in', names)
    .execute();
  return found.map(({ name }) => name);
}

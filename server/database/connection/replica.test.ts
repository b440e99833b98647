import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Health } from '../../health.ts';
import { buildTestApp, type Browser, openBrowser } from '../../testing/app.ts';
import {
  findDebianPostgres,
  type Pair,
  signalAll,
  startPair,
} from '../../testing/debian-postgres.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';
import { migrateDatabase } from '../migrate.ts';
import { withClient } from './client.ts';
import { type Db, openDatabase } from './connection.ts';
import { CommitUnknownError } from './pool-driver.ts';
import { Replica } from './replica.ts';

// Two processes of Slipway, as far as they share anything, on a primary and a streaming replica of Debian's packages.

const bin = findDebianPostgres();
if (bin === undefined)
  process.stderr.write('Not tested: reads on a replica need Debian’s package postgresql.\n');

interface Process {
  db: Db;
  replica: Replica;
  app: FastifyInstance;
  browser: Browser;
  said: (string | undefined)[];
}

describe.skipIf(bin === undefined)('with a streaming replica', () => {
  let pair: Pair;
  let tenant: Tenant;
  let processes: [Process, Process];

  beforeAll(async () => {
    pair = await startPair(bin ?? '');
    await migrateDatabase(pair.primary.url);
    const db = openDatabase(pair.primary.url, { maxConnections: 2 });
    tenant = await createTenant(db);
    await db.destroy();
    processes = [await startProcess(), await startProcess()];
  });

  afterEach(async () => {
    signalAll(pair.standby, 'SIGCONT');
    await control('SELECT pg_wal_replay_resume()');
    for (const { replica } of processes)
      await expect.poll(() => nearReads(replica), { timeout: 20_000 }).toBe(true);
  });

  afterAll(async () => {
    for (const { app, db, replica } of processes ?? []) {
      await app.close();
      await replica.stop();
      await db.destroy();
    }
    await pair?.stop();
  });

  async function startProcess(): Promise<Process> {
    const db = openDatabase(pair.primary.url, { maxConnections: 8 });
    const said: (string | undefined)[] = [];
    const onChange = (problem: string | undefined) => void said.push(problem);
    const options = { maxConnections: 8, pooled: false, onError: () => undefined, onChange };
    const replica = new Replica(pair.standby.url, options);
    const replicaProblem = () => replica.problem;
    const health = new Health({ check: async () => undefined }, { replicaProblem });
    health.phase = 'serving';
    const app = buildTestApp(db, { replica, health });
    const browser = await openBrowser(app, db, tenant.accountAdmin.email);
    return { db, replica, app, browser, said };
  }

  /** Whether a read goes to the replica now. */
  async function nearReads(replica: Replica): Promise<boolean> {
    const before = replica.reads.replica;
    await processes[0].browser.send('GET', '/self/session/');
    for (const { browser } of processes) await browser.send('GET', path('roles'));
    return replica.reads.replica > before;
  }

  const control = (command: string) =>
    withClient(pair.standby.url, (client) => client.query(command)).catch(() => undefined);
  const path = (noun: string) => `/account/${tenant.account.accountId}/${noun}/`;

  async function createEnvironment({ browser }: Process): Promise<string> {
    const name = randomName('environment');
    const answer = await browser.send('POST', path('environments'), { name });
    expect(answer.statusCode, answer.body).toBe(201);
    return name;
  }

  async function namesSeen({ browser }: Process): Promise<string[]> {
    const answer = await browser.send('GET', `${path('environments')}?maxResults=100&sort=-id`);
    expect(answer.statusCode, answer.body).toBe(200);
    return (JSON.parse(answer.body) as { data: { name: string }[] }).data.map(({ name }) => name);
  }

  test('reads go there, also when nothing is written', async () => {
    const [{ replica, browser }] = processes;
    const before = { ...replica.reads };
    for (let n = 0; n < 30; n++) await browser.send('GET', path('roles'));
    expect(replica.reads.replica - before.replica).toBe(30);
    expect(replica.reads.primary).toBe(before.primary);
  });

  test('what was saved is seen at once, in every process', async () => {
    for (let n = 0; n < 60; n++) {
      const [writer, reader] = n % 2 === 0 ? processes : [processes[1], processes[0]];
      const name = await createEnvironment(writer);
      expect(await namesSeen(writer)).toContain(name);
      expect(await namesSeen(reader)).toContain(name);
    }
  });

  test('while it is behind, what was saved is seen all the same', async () => {
    await control('SELECT pg_wal_replay_pause()');
    const [writer, reader] = processes;
    for (let n = 0; n < 5; n++) {
      const name = await createEnvironment(writer);
      const begun = performance.now();
      expect(await namesSeen(writer)).toContain(name);
      expect(await namesSeen(reader)).toContain(name);
      expect(performance.now() - begun).toBeLessThan(5_000);
    }
    expect(reader.replica.problem).toBe('the replica is behind');
    const ready = await reader.app.inject('/readyz');
    expect([ready.statusCode, ready.body]).toEqual([200, 'ready without the replica\n']);
  });

  test('while it is behind, whoever is suspended is out with the next request', async () => {
    const [writer, reader] = processes;
    const { email } = tenant.viewer;
    const browser = await openBrowser(reader.app, reader.db, email);
    expect((await browser.send('GET', path('roles'))).statusCode).toBe(200);
    await control('SELECT pg_wal_replay_pause()');
    await writer.db
      .updateTable('users')
      .set({ status: 'suspended' })
      .where('email', '=', email)
      .execute();
    expect((await browser.send('GET', path('roles'))).statusCode).toBe(401);
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)('nothing fails after %s', async (signal) => {
    const [one] = processes;
    const { said } = one;
    said.length = 0;
    const child = pair.standby.process();
    const statuses: number[] = [];
    let goesOn = true;
    const reading = Array.from({ length: 4 }, async () => {
      while (goesOn) statuses.push((await one.browser.send('GET', path('roles'))).statusCode);
    });
    await expect.poll(() => statuses.length).toBeGreaterThan(20);
    signalAll(pair.standby, signal);
    await expect.poll(() => said.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const name = await createEnvironment(one);
    expect(await namesSeen(one)).toContain(name);
    goesOn = false;
    await Promise.all(reading);
    expect(new Set(statuses)).toEqual(new Set([200]));
    if (signal === 'SIGKILL') {
      if (child.signalCode === null) await once(child, 'exit');
      await pair.standby.start();
    }
  });
});

test.skipIf(bin === undefined)('what no synchronous standby has is not called saved', async () => {
  const pair = await startPair(bin ?? '');
  const db = openDatabase(pair.primary.url);
  const owner = (sql: string) => withClient(pair.primary.url, (client) => client.query(sql));
  try {
    await owner('CREATE TABLE saved (n int)');
    await owner(`ALTER SYSTEM SET synchronous_standby_names = 'nobody'`);
    await owner('SELECT pg_reload_conf()');
    const saving = db.transaction().execute(async (tx) => {
      await sql`SET LOCAL statement_timeout = '500ms'`.execute(tx);
      await sql`INSERT INTO saved VALUES (1)`.execute(tx);
    });
    await expect(saving).rejects.toThrow(CommitUnknownError);
  } finally {
    await db.destroy();
    await pair.stop();
  }
});

test.skipIf(bin === undefined)('a server that follows no other is not read', async () => {
  const pair = await startPair(bin ?? '');
  const db = openDatabase(pair.primary.url);
  const options = { maxConnections: 2, pooled: false, onError: () => undefined };
  const replica = new Replica(pair.primary.url, { ...options, onChange: () => undefined });
  try {
    expect(await replica.catchUp(db)).toBeUndefined();
    expect(replica.problem).toContain('it follows no other server');
  } finally {
    await replica.stop();
    await db.destroy();
    await pair.stop();
  }
});

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { testSecretsKey } from './test-key.ts';
import { withDatabase } from './database.ts';
import { createClient } from './harness.ts';
import { launch } from './launched.ts';
import { endOf, type ServerProcess, startServerProcess } from './server-process.ts';
import { createKey } from './signed-client.ts';

// What a start finds: nothing, the work of another process, a key that is lost.

// Processes start slowly on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const SECRETS_KEY = testSecretsKey.toString('base64');
const corporate = { scope: 'scalr' } as const;
const started: ServerProcess[] = [];

async function start(...parameters: Parameters<typeof startServerProcess>): Promise<ServerProcess> {
  const server = await startServerProcess(...parameters);
  started.push(server);
  return server;
}

afterEach(async () => {
  for (const { child } of started) child.kill('SIGTERM');
  await Promise.all(started.splice(0).map(endOf));
});

describe.each([1, 2, 3])('several processes on one empty database, round %i:', () => {
  const empty = withDatabase({ isMigrated: false });

  test('all serve, and one of them prints the link for the first administrator', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => start(empty.url)));
    for (const { address } of servers) expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(servers.map((server) => server.errors())).toEqual(['', '', '']);
    // Nobody has a name that others could guess: the link makes the first one.
    expect(await empty.db.selectFrom('users').select('email').execute()).toEqual([]);
    expect(servers.filter((server) => server.output().includes('#token='))).toHaveLength(1);
  });
});

describe('a process that waits for another to prepare the database', () => {
  const database = withDatabase();

  test('is patient for longer than a statement may take', async () => {
    // The start of the process included.
    const outlast = 15_000;
    const other = new pg.Client(database.url);
    await other.connect();
    await other.query('SELECT pg_advisory_lock(4, 0)');
    const [server] = await Promise.all([
      start(database.url),
      sleep(outlast).then(() => other.end()),
    ]);
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  });
});

describe('where the output is no terminal, a link that signs in stands there', () => {
  const database = withDatabase();

  test('on the very first start, and later when it is asked for', async () => {
    const links: boolean[] = [];
    for (const args of [[], [], ['--sign-in-link']]) {
      const server = await start(database.url, { args });
      links.push(server.output().includes('/sign-in#token='));
      server.child.kill('SIGTERM');
      await endOf(server);
    }
    expect(links).toEqual([true, false, true]);
  });
});

describe('the key for secrets', () => {
  const database = withDatabase();
  const refusal = async (environment: Record<string, string>) => {
    const args = ['--port', '0', '--database-url', database.url];
    const { code, stderr } = await launch('start', args, environment).ended;
    expect(code).toBe(2);
    return stderr;
  };
  const otherKey = Buffer.alloc(32, 9).toString('base64');

  test('is missed and told from another while there are API keys, until they are forgotten', async () => {
    const { email } = await createClient(database.db, 'administrator', corporate);
    await createKey(database.db, email);
    expect(await refusal({})).toContain('The key for secrets is missing: ');
    expect(await refusal({ SECRETS_KEY: otherKey })).toContain(
      'The key for secrets is another one',
    );
    const right = await start(database.url, { environment: { SECRETS_KEY } });
    expect(right.errors()).toBe('');
    const settings = { DATABASE_URL: database.url, SECRETS_KEY: otherKey };
    const forgotten = await launch('slipway', ['keys', 'forget'], settings).ended;
    expect(forgotten).toMatchObject({ code: 0, stderr: '' });
    expect(forgotten.stdout).toMatch(/^Deleted one API key that nobody could use: APIK\w+\.\n$/);
    await start(database.url, { environment: { SECRETS_KEY: otherKey } });
  });

  test('that opens some API keys only is served with a warning', async () => {
    const { email } = await createClient(database.db, 'administrator', corporate);
    const usable = await createKey(database.db, email);
    const lost = await createKey(database.db, email);
    await database.db
      .updateTable('api_keys')
      .set({ sealed_secret: Buffer.alloc(60) })
      .where('id', '=', lost.id)
      .execute();
    const server = await start(database.url, { environment: { SECRETS_KEY } });
    expect(server.errors()).toContain('does not open 1 of 2 API keys');
    const settings = { DATABASE_URL: database.url, SECRETS_KEY };
    await launch('slipway', ['keys', 'forget'], settings).ended;
    const left = await database.db.selectFrom('api_keys').select('id').execute();
    expect(left).toEqual([{ id: usable.id }]);
  });
});

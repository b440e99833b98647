import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSession } from '../auth/sessions.ts';
import { withClient } from '../database/connection/client.ts';
import { withDatabase } from './database.ts';
import { createClient, randomName } from './harness.ts';
import { endOf, type ServerProcess, startServerProcess } from './server-process.ts';

// A server of its own process on a real port: what the network, the database and the system do to it.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();

let server: ServerProcess;
let cookie: string;

beforeAll(async () => {
  server = await startServerProcess(database.url);
  const { email } = await createClient(database.db, 'administrator', { scope: 'scalr' });
  const users = database.db.selectFrom('users').where('email', '=', email).select('id');
  const user = await users.executeTakeFirstOrThrow();
  cookie = `slipway=${(await createSession(database.db, user.id)).token}`;
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await endOf(server);
});

function send(path: string, init: RequestInit = {}, at = server): Promise<Response> {
  const headers = { cookie, origin: at.address, 'content-type': 'application/json' };
  return fetch(`${at.address}/api/v1beta0${path}`, { headers, ...init });
}

function createAccount(name: string, at = server): Promise<Response> {
  return send('/global/accounts/', { method: 'POST', body: JSON.stringify({ name }) }, at);
}

/** A connection that is no connection of Slipway. */
async function withOwnConnection<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClient({ connectionString: database.url, application_name: 'test' }, work);
}

describe('when PostgreSQL ends connections all the time', () => {
  test('a request succeeds or is told to come back, nothing acknowledged is lost, and it recovers', async () => {
    const until = performance.now() + (full ? 10_000 : 5_000);
    const statuses = new Map<number, number>();
    const created: string[] = [];
    const odd: string[] = [];
    // On a busy machine it goes on until something got through between two cuts.
    const goesOn = () => performance.now() < until || created.length === 0 || !statuses.has(200);
    const take = async (answer: Response) => {
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const text = await answer.text();
      const busy = answer.status === 503 && answer.headers.has('retry-after');
      if (answer.status >= 300 && !busy) odd.push(`${answer.status} ${text}`);
      return answer.status;
    };
    const work = async () => {
      while (goesOn()) {
        await take(await send('/global/images/?include=total'));
        const name = randomName('account');
        if ((await take(await createAccount(name))) === 201) created.push(name);
      }
    };
    const cut = () =>
      withOwnConnection(async (client) => {
        while (goesOn()) {
          await client.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'slipway'`,
          );
          await sleep(300);
        }
      });
    await Promise.all([cut(), ...Array.from({ length: 8 }, work)]);
    expect(odd).toEqual([]);
    expect(statuses.get(200)).toBeGreaterThan(0);
    expect(created.length).toBeGreaterThan(0);
    expect(server.child.exitCode, server.errors()).toBeNull();
    await expect.poll(async () => (await send('/global/accounts/')).status).toBe(200);
    const rows = await database.db.selectFrom('accounts').select('name').execute();
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(created));
  });
});

/** Sends some bytes and then nothing. @returns how long the server let that last, and what it said */
async function stall(text: string): Promise<{ ms: number; said: string }> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  let said = '';
  socket.setEncoding('utf8').on('data', (data: string) => (said += data));
  socket.on('error', () => undefined);
  const started = performance.now();
  socket.write(text);
  const drip = setInterval(() => socket.write('a'), 1_000);
  await once(socket, 'close');
  clearInterval(drip);
  return { ms: performance.now() - started, said };
}

describe('a client that is slow on purpose', () => {
  test.runIf(full)('with its headers is cut off within 15 s', async () => {
    const { ms, said } = await stall('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
    expect(said).toContain('408');
    expect(ms).toBeLessThan(15_000);
  });

  test.runIf(full)('with its body is cut off within 35 s', async () => {
    const head = [
      'POST /api/v1beta0/self/session/ HTTP/1.1',
      `Host: ${new URL(server.address).host}`,
      `Origin: ${server.address}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
    ];
    const { ms } = await stall(`${head.join('\r\n')}\r\n\r\n{`);
    expect(ms).toBeLessThan(35_000);
  });
});

describe('a request', () => {
  test.each([
    ['of a known length', JSON.stringify({ name: 'x'.repeat(1_048_577) })],
    [
      'of unknown length',
      new ReadableStream({
        start: (controller) => {
          for (let sent = 0; sent < 20; sent++) controller.enqueue(new Uint8Array(65_536).fill(32));
          controller.close();
        },
      }),
    ],
  ])('with a body over 1 MiB %s is refused in the envelope', async (_name, body) => {
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const answer = await send('/global/accounts/', init);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ errors: [{ code: 'PayloadTooLarge' }] });
  });

  test('that is too long is heard out, so that whoever sends it hears the answer', async () => {
    const body = () => Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(65_536, 32)));
    const statuses: number[] = [];
    for (let sent = 0; sent < 50; sent++) {
      const init = { method: 'POST', body: body(), duplex: 'half' };
      statuses.push((await send('/global/accounts/', init as unknown as RequestInit)).status);
    }
    expect(new Set(statuses)).toEqual(new Set([413]));
  });

  test.each(['/global/images/', '/global/usage/csv/', '/global/scope/'])(
    'by HEAD for %s is answered as GET is, without a body',
    async (path) => {
      const got = await send(path);
      const body = await got.text();
      const headed = await send(path, { method: 'HEAD' });
      expect(headed.status).toBe(200);
      expect(await headed.text()).toBe('');
      expect(headed.headers.get('content-type')).toBe(got.headers.get('content-type'));
      expect(body.length).toBeGreaterThan(0);
    },
  );
});

describe('SIGTERM', () => {
  test('answers what was accepted, and then ends with 0', async () => {
    const other = await startServerProcess(database.url);
    // Of one account, few would be at the database at once.
    const accounts = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const answer = await createAccount(randomName('account'), other);
        const { data } = (await answer.json()) as { data: { id: number } };
        return { id: data.id, environment: randomName('environment') };
      }),
    );
    const names = accounts.map(({ environment }) => environment);
    const answers = await withOwnConnection(async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE environments');
      const sent = accounts.map(({ id, environment: name }) =>
        send(
          `/account/${id}/environments/`,
          { method: 'POST', body: JSON.stringify({ name }) },
          other,
        ),
      );
      await expect.poll(countWaiting, { timeout: 10_000 }).toBe(names.length);
      other.child.kill('SIGTERM');
      await expect.poll(() => isListening(other)).toBe(false);
      await client.query('COMMIT');
      return Promise.all(sent);
    });
    expect(answers.map((answer) => answer.status)).toEqual(names.map(() => 201));
    expect(await endOf(other)).toBe(0);
    await expect(send('/global/accounts/', {}, other)).rejects.toThrow();
    const rows = await database.db.selectFrom('environments').select('name').execute();
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });
});

function isListening({ address }: ServerProcess): Promise<boolean> {
  return fetch(`${address}/livez`).then(
    () => true,
    () => false,
  );
}

/** Requests that wait for a lock. Asked outside of a transaction, where the answer would never change. */
async function countWaiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(database.db);
  return rows[0]?.count ?? 0;
}

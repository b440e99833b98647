import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSession } from '../auth/sessions.ts';
import { createSignInLink } from '../auth/sign-in-links.ts';
import { testSecretsKey } from './test-key.ts';
import { Balancer, type PlainRequest } from './network/balancer.ts';
import { withDatabase } from './database.ts';
import { insertImage, insertRole } from './factories.ts';
import { createTenant, randomName, type Tenant } from './harness.ts';
import { endOf, type ServerProcess, startServerProcess } from './server-process.ts';
import { signHeaders } from './sign-headers.ts';
import { createKey, type Key } from './signed-client.ts';

// Several servers on one database: what one knows the others know, and no one is missed.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const processCount = full ? 4 : 2;
const mixedLoadMs = full ? 20_000 : 2_000;
const restartRounds = full ? 3 : 1;
const restartEveryMs = full ? 5_000 : 0;
const requestsPerMinute = 20;
const environment = {
  // Longer than the balancer waits for /readyz: it always knows before a server is gone.
  DRAIN_SECONDS: '3',
  DATABASE_CONNECTIONS: '8',
  SECRETS_KEY: testSecretsKey.toString('base64'),
  RATE_LIMIT_PER_MINUTE: String(requestsPerMinute),
};

const database = withDatabase();
let servers: ServerProcess[];
let tenant: Tenant;
let cookie: string;

beforeAll(async () => {
  // All at once: one of them migrates and makes the first user, the others wait for it.
  servers = await Promise.all(
    Array.from({ length: processCount }, () => startServerProcess(database.url, { environment })),
  );
  tenant = await createTenant(database.db);
  const user = await database.db
    .selectFrom('users')
    .where('email', '=', tenant.corporateAdmin.email)
    .select('id')
    .executeTakeFirstOrThrow();
  cookie = `slipway=${(await createSession(database.db, user.id)).token}`;
});

afterAll(async () => {
  for (const { child } of servers) child.kill('SIGTERM');
  await Promise.all(servers.map(endOf));
});

const api = '/api/v1beta0';

function init(method: 'GET' | 'POST', body?: unknown): PlainRequest {
  const headers = { cookie, 'content-type': 'application/json' };
  return { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
}

function signIn({ address }: ServerProcess, token: string): Promise<Response> {
  const headers = { origin: address, 'content-type': 'application/json' };
  const body = JSON.stringify({ token });
  return fetch(`${address}${api}/self/session/`, { method: 'POST', headers, body });
}

async function newLink(): Promise<string> {
  const { email } = tenant.corporateAdmin;
  const { url } = await createSignInLink(database.db, { email, baseUrl: 'http://slipway' });
  return url.split('#token=')[1] ?? '';
}

describe('sessions', () => {
  test('begun at one server count at all, and end at all', async () => {
    const [first, ...others] = servers as [ServerProcess, ...ServerProcess[]];
    const answer = await signIn(first, await newLink());
    const headers = { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
    const statuses = () =>
      Promise.all(
        others.map(
          async ({ address }) =>
            (await fetch(`${address}${api}/self/session/`, { headers })).status,
        ),
      );
    expect(await statuses()).toEqual(others.map(() => 200));
    const bye = { method: 'DELETE', headers: { ...headers, origin: first.address } };
    await fetch(`${first.address}${api}/self/session/`, bye);
    expect(await statuses()).toEqual(others.map(() => 401));
  });

  test('a one-time link redeemed at all servers at once opens one', async () => {
    for (let round = 0; round < (full ? 50 : 10); round++) {
      const token = await newLink();
      const answers = await Promise.all(servers.map((server) => signIn(server, token)));
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      expect(statuses).toEqual([201, ...servers.slice(1).map(() => 401)]);
    }
  });
});

test('an API key has one limit at all servers together', async () => {
  const path = `${api}/self/session/`;
  const sendWith = (key: Key) => {
    const date = new Date().toISOString();
    const headers = signHeaders(key, { method: 'GET', url: path, date, body: '' });
    return servers.map(({ address }) => fetch(`${address}${path}`, { headers }));
  };
  const minute = () => Math.floor(Date.now() / 60_000);
  for (;;) {
    const key = await createKey(database.db, tenant.corporateAdmin.email);
    const begun = minute();
    const sent = Array.from({ length: requestsPerMinute }, () => sendWith(key)).flat();
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    // A new minute in between is a new beginning.
    if (minute() !== begun) continue;
    expect(statuses.filter((status) => status === 200)).toHaveLength(requestsPerMinute);
    expect(statuses.filter((status) => status === 429).length).toBe(
      statuses.length - requestsPerMinute,
    );
    return;
  }
});

test('a mixed load over all servers crashes none and breaks nothing', async () => {
  const at = tenant.environment;
  const images = await Promise.all(Array.from({ length: 6 }, () => insertImage(database.db, at)));
  const roles = await Promise.all(images.map(({ id }) => insertRole(database.db, at, [id])));
  const base = `${api}/user/${at.environmentId}`;
  /** Two different ones. */
  const pair = () => images.map(({ id }) => id).toSorted(() => Math.random() - 0.5);
  const image = () => images[Math.floor(Math.random() * images.length)]?.id ?? '';
  const role = () => roles[Math.floor(Math.random() * roles.length)]?.id ?? '';
  const requests: (() => [string, PlainRequest])[] = [
    () => [`${base}/images/?include=usage`, init('GET')],
    () => {
      const [from = '', newImage] = pair();
      return [`${base}/images/${from}/actions/replace/`, init('POST', { newImage })];
    },
    () => [`${base}/roles/${role()}/images/`, init('POST', { image: image() })],
    () => [`${base}/images/${image()}/actions/deprecate/`, init('POST', { deprecate: false })],
    () => [
      `${base}/roles/`,
      init('POST', { name: randomName('role'), category: 1, os: 'ubuntu-24-04' }),
    ],
  ];
  const statuses = new Set<number>();
  const crashes: string[] = [];
  const until = performance.now() + mixedLoadMs;
  const work = async (server: ServerProcess) => {
    for (let turn = 0; performance.now() < until; turn++) {
      const [path, request] = requests[turn % requests.length]?.() ?? ['', init('GET')];
      const headers = { ...request.headers, origin: server.address };
      const answer = await fetch(`${server.address}${path}`, { ...request, headers });
      const text = await answer.text();
      statuses.add(answer.status);
      if (answer.status >= 500) crashes.push(`${path} ${text}`);
    }
  };
  await Promise.all([...servers, ...servers].map(work));
  expect(crashes).toEqual([]);
  expect([...statuses]).toEqual(expect.arrayContaining([200, 201]));
});

describe('a loop', () => {
  async function isLeader({ address }: ServerProcess): Promise<boolean> {
    const metrics = await (await fetch(`${address}/metrics`)).text();
    return metrics.includes('slipway_loop_leader{loop="image-deletions"} 1');
  }

  async function leaders(): Promise<ServerProcess[]> {
    const leading = await Promise.all(servers.map(isLeader));
    return servers.filter((_, index) => leading[index]);
  }

  test('runs at one of them, and at another when that one is killed', async () => {
    await expect.poll(async () => (await leaders()).length, { timeout: 10_000 }).toBe(1);
    const [leader] = (await leaders()) as [ServerProcess];
    leader.child.kill('SIGKILL');
    await endOf(leader);
    servers = servers.filter((server) => server !== leader);
    await expect.poll(async () => (await leaders()).length, { timeout: 10_000 }).toBe(1);
    servers.push(await startServerProcess(database.url, { environment }));
    expect(await leaders()).toHaveLength(1);
  });
});

test('restarting one after the other loses no request and no change', async () => {
  const balancer = new Balancer(servers.map(({ address }) => address));
  const failures: string[] = [];
  const acknowledged: string[] = [];
  let goesOn = true;
  const work = async () => {
    while (goesOn) {
      const name = randomName('account');
      try {
        const made = await balancer.send(`${api}/global/accounts/`, init('POST', { name }));
        if (made.status === 201) acknowledged.push(name);
        else failures.push(`POST ${made.status} ${await made.text()}`);
        const read = await balancer.send(`${api}/global/images/`, init('GET'));
        if (read.status !== 200) failures.push(`GET ${read.status} ${await read.text()}`);
        await read.text();
      } catch (error) {
        failures.push(`${String(error)} ${String((error as Error).cause)}`);
      }
    }
  };
  const working = Array.from({ length: 8 }, work);
  for (let round = 0; round < restartRounds; round++) {
    for (const [index, server] of servers.entries()) {
      await expect.poll(() => balancer.readyCount, { timeout: 20_000 }).toBe(servers.length);
      await sleep(restartEveryMs);
      server.child.kill('SIGTERM');
      expect(await endOf(server), server.errors()).toBe(0);
      const port = Number(new URL(server.address).port);
      servers[index] = await startServerProcess(database.url, { port, environment });
    }
  }
  goesOn = false;
  await Promise.all(working);
  await balancer.stop();
  expect(failures).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(0);
  const rows = await database.db.selectFrom('accounts').select('name').execute();
  const names = new Set(rows.map(({ name }) => name));
  expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
});

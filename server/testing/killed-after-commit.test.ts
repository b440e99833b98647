import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkInvariants } from '../database/invariants.ts';
import { testSecretsKey } from './test-key.ts';
import { withDatabase } from './database.ts';
import { FaultProxy } from './network/fault-proxy.ts';
import { createTenant, randomName, type Tenant } from './harness.ts';
import { endOf, type ServerProcess, startServerProcess } from './server-process.ts';
import { createKey, type Key } from './signed-client.ts';
import { signHeaders } from './sign-headers.ts';

// Two servers on one database. The first is killed when PostgreSQL has committed its work, and before it
// knows: nobody was answered. Whoever asks the second once more must get that answer, and no second effect.

const environment = { SECRETS_KEY: testSecretsKey.toString('base64'), RATE_LIMIT_PER_MINUTE: '0' };

const database = withDatabase();
let proxy: FaultProxy;
let servers: [ServerProcess, ServerProcess];

beforeAll(async () => {
  proxy = new FaultProxy(database.url);
  const throughProxy = await proxy.listen();
  servers = await Promise.all([
    startServerProcess(throughProxy, { environment }),
    startServerProcess(database.url, { environment }),
  ]);
});

afterAll(async () => {
  for (const { child } of servers) child.kill('SIGTERM');
  await Promise.all(servers.map(endOf));
  await proxy.close();
  expect(await checkInvariants(database.db)).toEqual([]);
});

interface Request {
  name: string;
  /** Sends it to a server: with the same signature each time, or signed anew under one key. */
  send(server: ServerProcess): Promise<Response>;
}

async function newRequest(repeatedBy: 'signature' | 'Idempotency-Key'): Promise<Request> {
  const tenant: Tenant = await createTenant(database.db);
  const key: Key = await createKey(database.db, tenant.accountAdmin.email);
  const name = randomName('kept');
  const url = `/api/v1beta0/account/${tenant.account.accountId}/environments/`;
  const body = JSON.stringify({ name });
  const first = new Date(Date.now() - 60_000);
  const keyHeader = { 'idempotency-key': randomUUID() };
  let turn = 0;
  const send = ({ address }: ServerProcess) => {
    const anew = repeatedBy === 'Idempotency-Key';
    const date = new Date(first.getTime() + (anew ? 1_000 * turn++ : 0)).toISOString();
    const signed = signHeaders(key, { method: 'POST', url, date, body });
    const headers = { ...signed, ...(anew && keyHeader) };
    return fetch(address + url, { method: 'POST', headers, body });
  };
  return { name, send };
}

async function countMade({ name }: Request): Promise<number> {
  const made = database.db.selectFrom('environments').where('name', '=', name).select('id');
  return (await made.execute()).length;
}

const isReplay = (answer: Response) => answer.headers.get('idempotency-replayed') === 'true';

test('a request sent 16 times at once to two servers takes effect once, and each is answered the same', async () => {
  for (const repeatedBy of ['signature', 'Idempotency-Key'] as const) {
    const request = await newRequest(repeatedBy);
    const sent = Array.from({ length: 16 }, (_, turn) => request.send(servers[turn % 2 ? 1 : 0]));
    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(201));
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect(await countMade(request)).toBe(1);
  }
});

test('what a server committed and could not answer is answered by the next, and done once', async () => {
  const requests = [await newRequest('signature'), await newRequest('Idempotency-Key')];
  const [doomed, other] = servers;
  proxy.holdCommitsOf(requests.map(({ name }) => name));
  const unanswered = Promise.allSettled(requests.map((request) => request.send(doomed)));
  for (const request of requests)
    await expect.poll(() => countMade(request), { timeout: 20_000 }).toBe(1);
  doomed.child.kill('SIGKILL');
  await endOf(doomed);
  expect((await unanswered).map(({ status }) => status)).toEqual(['rejected', 'rejected']);

  for (const request of requests) {
    const answer = await request.send(other);
    expect(answer.status).toBe(201);
    expect(isReplay(answer)).toBe(true);
    const { data } = (await answer.json()) as { data: { name: string } };
    expect(data.name).toBe(request.name);
    expect(await countMade(request)).toBe(1);
  }
});

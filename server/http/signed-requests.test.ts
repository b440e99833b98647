import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { createKey, type Key, sendSigned, type SignedSend } from '../testing/signed-client.ts';

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;
let key: Key;

beforeAll(async () => {
  app = buildTestApp(database.db);
  tenant = await createTenant(database.db);
  key = await createKey(database.db, tenant.accountAdmin.email);
});
afterAll(() => app.close());

const send = (request: SignedSend) => sendSigned(app, key, request);
const environments = () => `/account/${tenant.account.accountId}/environments/`;
const agoIso = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

describe('a signed request', () => {
  it('acts as the user of its key, without a cookie and without an Origin', async () => {
    const answer = await send({ path: '/self/session/' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().data.user.email).toBe(tenant.accountAdmin.email);
  });

  it('changes things, under the name of its user, with its key on record', async () => {
    const answer = await send({ method: 'POST', path: environments(), body: { name: 'signed' } });
    expect(answer.statusCode).toBe(201);
    const entry = await database.db
      .selectFrom('operations_log')
      .where('object', '=', `environment:${answer.json().data.id}`)
      .select(['actor', 'credential'])
      .executeTakeFirstOrThrow();
    expect(entry).toEqual({ actor: tenant.accountAdmin.email, credential: `key:${key.id}` });
  });
});

it('a request with a signature and a cookie is refused: whose would it be?', async () => {
  const headers = { cookie: 'slipway=anything' };
  const answer = await send({ path: '/self/session/', headers });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors[0].message).toContain('Send one of them');
});

describe('every failed authentication', () => {
  async function refusal(request: SignedSend, signer: Key = key): Promise<unknown> {
    const answer = await sendSigned(app, signer, request);
    expect(answer.statusCode).toBe(401);
    const { code, message } = answer.json().errors[0];
    return { code, message };
  }

  it.each([
    ['no JSON', '{'],
    ['nested too deep', '['.repeat(500_000)],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('comes before the body is read: one that is %s', async (_, payload) => {
    const url = `/api/v1beta0${environments()}`;
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    const forged = {
      'x-scalr-key-id': key.id,
      'x-scalr-date': agoIso(0),
      'x-scalr-signature': 'x',
    };
    const origin = { origin: 'http://localhost' };
    for (const more of [forged, origin]) {
      const sent = { method: 'POST' as const, url, payload, headers: { ...headers, ...more } };
      expect((await app.inject(sent)).statusCode).toBe(401);
    }
  });

  it('gives nothing away to X-Scalr-Debug', async () => {
    const plain = await sendSigned(app, { ...key, secret: 'x' }, { path: environments() });
    const asked = { path: environments(), headers: { 'x-scalr-debug': '1' } };
    const answer = await sendSigned(app, { ...key, secret: 'x' }, asked);
    expect(Object.keys(answer.json().meta)).toEqual(Object.keys(plain.json().meta));
  });

  it('meets a disabled key at once, and an enabled one no more', async () => {
    const other = await createKey(database.db, tenant.viewer.email);
    const set = (active: boolean) =>
      database.db.updateTable('api_keys').set({ active }).where('id', '=', other.id).execute();
    await set(false);
    await refusal({ path: environments() }, other);
    await set(true);
    expect((await sendSigned(app, other, { path: environments() })).statusCode).toBe(200);
  });

  it('meets the key of a suspended user', async () => {
    const leaving = await createTenant(database.db);
    const theirs = await createKey(database.db, leaving.viewer.email);
    await database.db
      .updateTable('users')
      .set({ status: 'suspended' })
      .where('email', '=', leaving.viewer.email)
      .execute();
    await refusal({ path: '/self/session/' }, theirs);
  });
});

it('a key is noted as used, and only when it signed rightly', async () => {
  const fresh = await createKey(database.db, tenant.viewer.email);
  const lastUsed = async () => {
    const row = await database.db
      .selectFrom('api_keys')
      .where('id', '=', fresh.id)
      .select('last_used_at')
      .executeTakeFirstOrThrow();
    return row.last_used_at;
  };
  await sendSigned(app, { ...fresh, secret: 'wrong' }, { path: environments() });
  expect(await lastUsed()).toBeNull();
  await sendSigned(app, fresh, { path: environments() });
  const first = await lastUsed();
  expect(first).not.toBeNull();
  await sendSigned(app, fresh, { path: environments() });
  expect(await lastUsed()).toEqual(first);
});

it('a key may sign so many requests a minute, counted over all processes', async () => {
  const limited = [0, 0].map(() => buildTestApp(database.db, { env: { rateLimitPerMinute: 3 } }));
  const busy = await createKey(database.db, tenant.viewer.email);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, turn) =>
      sendSigned(limited[turn % 2] ?? app, busy, { path: environments() }),
    ),
  );
  const refused = answers.filter(({ statusCode }) => statusCode === 429);
  // A minute may end between them: then each half has its own count.
  expect(refused.length).toBeGreaterThanOrEqual(6);
  expect(refused[0]?.json().errors[0].code).toBe('LimitExceeded');
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThanOrEqual(0);
  await Promise.all(limited.map((each) => each.close()));
});

import type { FastifyInstance } from 'fastify';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { createKey, type Key, sendSigned } from '../testing/signed-client.ts';
import { AddressLimit } from './address-limit.ts';

const database = withDatabase();
const perMinute = 3;
let app: FastifyInstance;
let tenant: Tenant;
let key: Key;

beforeAll(async () => {
  tenant = await createTenant(database.db);
  key = await createKey(database.db, tenant.accountAdmin.email);
});
beforeEach(() => {
  const trustProxy = (address: string) => address === '127.0.0.1';
  app = buildTestApp(database.db, { env: { addressLimitPerMinute: perMinute, trustProxy } });
});
afterEach(() => app.close());

const host = 'localhost';
const signIn = (from: string) =>
  app.inject({
    method: 'POST',
    url: '/api/v1beta0/self/session/',
    headers: { host, origin: 'http://localhost', 'x-forwarded-for': from },
    payload: { token: 'guessed' },
  });
const wrongly = (from: string) =>
  sendSigned(
    app,
    { ...key, secret: 'guessed' },
    { path: '/self/session/', headers: { 'x-forwarded-for': from } },
  );
const read = (from: string) =>
  app.inject({ url: '/api/openapi.json', headers: { host, 'x-forwarded-for': from } });

describe.each([
  ['signing in', signIn, 401],
  ['signing wrongly', wrongly, 401],
  ['reading documents', read, 200],
] as const)('%s', (_name, send, status) => {
  it('is limited by the address that the proxy names, and not for others', async () => {
    for (let n = 0; n < perMinute; n++)
      expect((await send('198.51.100.1')).statusCode).toBe(status);
    const refused = await send('198.51.100.1');
    expect(refused.json()).toMatchObject({ errors: [{ code: 'LimitExceeded' }] });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await send('198.51.100.2')).statusCode).toBe(status);
  });
});

it('whoever signs rightly is not counted', async () => {
  for (let n = 0; n < 2 * perMinute; n++)
    expect((await sendSigned(app, key, { path: '/self/session/' })).statusCode).toBe(200);
});

it.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8:1:2::1', '2001:DB8:1:2:0:0:0:1', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
  ['192.0.2.1', '192.0.2.2', false],
])('%s and %s count as one: %s', (one, other, isOne) => {
  const limit = new AddressLimit(1, 'Too many.');
  limit.take(one);
  const again = () => limit.take(other);
  if (isOne) expect(again).toThrow('Too many.');
  else expect(again).not.toThrow();
});

it('documents are the same, compressed or not', async () => {
  for (const path of ['openapi.json', 'user.v1beta0.yml', 'docs/swagger-ui-bundle.js']) {
    const open = buildTestApp(database.db);
    const get = (encoding: string) =>
      open.inject({ url: `/api/${path}`, headers: { host, 'accept-encoding': encoding } });
    const [zipped, again, plain] = await Promise.all(['br, gzip', 'gzip', 'gzip;q=0'].map(get));
    if (!zipped || !again || !plain) throw new Error('Three were asked for');
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers['vary']).toBe('accept-encoding');
    expect(zipped.rawPayload.equals(again.rawPayload)).toBe(true);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gunzipSync(zipped.rawPayload).equals(plain.rawPayload)).toBe(true);
    await open.close();
  }
});

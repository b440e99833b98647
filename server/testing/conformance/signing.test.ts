import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp } from '../app.ts';
import { withDatabase } from '../database.ts';
import { createTenant, type Tenant } from '../harness.ts';
import { createKey, type Key } from '../signed-client.ts';
import { type ConformanceClient, openConformanceClient, signed } from './client.ts';
import { type Dialect, dialects, signatureOf } from './dialects.ts';
import type { Received, Sent } from './exchange.ts';

// Signatures over the wire, made by code that shares nothing with the server's: what every client in
// use sends is understood, what is not quite right is refused, and always in the same words.

const database = withDatabase();
let app: FastifyInstance;
let client: ConformanceClient;
let tenant: Tenant;
let key: Key;
let path: string;

beforeAll(async () => {
  app = buildTestApp(database.db);
  client = await openConformanceClient(app);
  tenant = await createTenant(database.db);
  key = await createKey(database.db, tenant.accountAdmin.email);
  path = `/api/v1beta0/account/${tenant.account.accountId}/environments/`;
});
afterAll(() => app.close());

const traps = [
  'it is spaced',
  "!'()*~-._",
  'a/b/c?d#e',
  '100%25 %zz',
  'a+b = c+d',
  'x=1&y=2;z',
  'Grüße, 世界 🙂',
  '[a]{b}|c^`"\\',
  '@:$,',
  'É',
];

describe.each(Object.entries<Dialect>(dialects))('as %s does', (_, dialect) => {
  it.each(traps)('a query of %s is signed, and means itself', async (name) => {
    const make = { method: 'POST', path, body: { name } };
    // Each name is made by the first client that comes along.
    expect([201, 409]).toContain((await client.exchange(signed(key, make, dialect))).status);
    const queries: Record<string, string>[] = [
      { name, maxResults: '5' },
      { pageNum: '1', name },
    ];
    for (const query of queries) {
      const answer = await client.exchange(signed(key, { method: 'GET', path, query }, dialect));
      expect(answer.status, answer.text).toBe(200);
      expect(JSON.parse(answer.text).data).toMatchObject([{ name }]);
    }
  });

  it('an empty value is signed, and finds nothing', async () => {
    const sent = signed(key, { method: 'GET', path, query: { name: '' } }, dialect);
    expect(JSON.parse((await client.exchange(sent)).text).data).toEqual([]);
  });

  it.each(['{}', ''])('GET, HEAD and DELETE with the body "%s" are', async (body) => {
    for (const method of ['GET', 'HEAD'])
      expect((await client.exchange(signed(key, { method, path, body }, dialect))).status).toBe(
        200,
      );
    const gone = { method: 'DELETE', path: `${path}2147483647/`, body };
    expect((await client.exchange(signed(key, gone, dialect))).status).toBe(404);
  });
});

describe('a body of zero bytes', () => {
  const form = 'application/x-www-form-urlencoded';
  it.each([
    [form, { 'content-length': '0' }],
    [form, {}],
    [form, { 'transfer-encoding': 'chunked' }],
    ['text/plain; charset=utf-8', { 'content-length': '0' }],
    ['nonsense', { 'content-length': '0' }],
    ['', { 'content-length': '0' }],
  ])('has no type, whatever "%s" says, with %o', async (type, length) => {
    for (const [method, url, status] of [
      ['GET', path, 200],
      ['DELETE', `${path}2147483647/`, 404],
    ] as const) {
      const { body: _, headers, ...sent } = signed(key, { method, path: url, body: '' });
      const typed = { ...headers, 'content-type': type, ...length };
      expect((await client.exchange({ ...sent, headers: typed })).status).toBe(status);
    }
  });

  it('is what the type does not count for: any other body is refused', async () => {
    const sent = signed(key, { method: 'GET', path, body: 'name=x' });
    const headers = { ...sent.headers, 'content-type': form };
    expect((await client.exchange({ ...sent, headers })).status).toBe(415);
  });
});

describe('a signed path', () => {
  const get = async (url: string) => client.exchange(signed(key, { method: 'GET', path: url }));

  it('may leave out the slash at its end, and the account', async () => {
    for (const url of [path.slice(0, -1), '/api/v1beta0/account/environments/'])
      expect((await get(url)).status).toBe(200);
  });

  it('may be in the old order, which is signed as it is sent', async () => {
    const old = path.replace('/api/v1beta0/account/', '/api/account/v1beta0/');
    const answer = await get(old);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text).warnings).toEqual([
      { code: '301 Moved Permanently', message: `Location ${path}` },
    ]);
    const moved = signed(key, { method: 'GET', path });
    expect((await client.exchange({ ...moved, url: old })).status).toBe(401);
  });
});

type Change = (sent: Sent) => Partial<Sent>;
const header = (name: string, value: string): Change => {
  return ({ headers }) => ({ headers: { ...headers, [name]: value } });
};
const without = (name: string): Change => {
  return ({ headers }) => ({
    headers: Object.fromEntries(Object.entries(headers ?? {}).filter(([one]) => one !== name)),
  });
};
const dated = (when: () => string): Change => {
  return ({ method, url, body = '' }) => {
    const date = when();
    const signature = signatureOf(key.secret, [method, date, url, '', body]);
    const headers = { 'x-scalr-date': date, 'x-scalr-signature': signature };
    return { headers: { ...signed(key, { method, path: url }).headers, ...headers } };
  };
};
const offBy = (seconds: number) => () => new Date(Date.now() + seconds * 1000).toISOString();
const inForm = (digest: 'hex' | 'base64url', scheme = 'V1-HMAC-SHA256'): Change => {
  return ({ method, url, headers = {}, body = '' }) => {
    const text = [method, headers['x-scalr-date'], url, '', body].join('\n');
    const mac = createHmac('sha256', key.secret).update(text).digest(digest);
    return { headers: { ...headers, 'x-scalr-signature': `${scheme} ${mac}` } };
  };
};

const bad: [string, Change][] = [
  ['of another body', () => ({ body: '{"name":"other"}' })],
  ['of a body with a space more', ({ body }) => ({ body: `${String(body)} ` })],
  ['of another method', () => ({ method: 'GET' })],
  ['of another path', ({ url }) => ({ url: url.replace('environments', 'projects') })],
  ['without the last slash', ({ url }) => ({ url: url.slice(0, -1) })],
  ['of a query that was not there', ({ url }) => ({ url: `${url}?name=x` })],
  ['of a query that means nothing', ({ url }) => ({ url: `${url}?a` })],
  ['of another date', header('x-scalr-date', offBy(1)())],
  ['from 301 seconds ago', dated(offBy(-301))],
  // Farther than any request is under way: to the millisecond it is told in signature.test.ts.
  ['from far ahead', dated(offBy(600))],
  ['from another year', dated(() => '2016-11-22T10:00:00Z')],
  ['in hexadecimal', inForm('hex')],
  ['in base64 for addresses', inForm('base64url')],
  ['that is empty', header('x-scalr-signature', '')],
  ['that is no signature', header('x-scalr-signature', 'V1-HMAC-SHA256 AAAA')],
  ['with an unknown version', inForm('hex', 'V2-HMAC-SHA256')],
  ['that is missing', without('x-scalr-signature')],
  ['of no key', without('x-scalr-key-id')],
  ['of an empty key', header('x-scalr-key-id', '')],
  ['of an unknown key', header('x-scalr-key-id', 'APIKAAAAAAAAAAAAAAAA')],
  [
    'of a key in lower case',
    ({ headers }) => ({ headers: { ...headers, 'x-scalr-key-id': key.id.toLowerCase() } }),
  ],
  ['of a key that is no name', header('x-scalr-key-id', "' OR 1=1 --")],
];

function refusalOf({ status, headers, text }: Received): unknown {
  const { meta, errors } = JSON.parse(text) as { meta: object; errors: unknown };
  const names = Object.keys(headers).filter((name) => !['x-request-id', 'date'].includes(name));
  return { status, errors, meta: Object.keys(meta), headers: names };
}

describe('a signature', () => {
  const post = () => signed(key, { method: 'POST', path, body: { name: 'never made' } });

  it.each(bad)('%s is refused, in the words of every other', async (_, change) => {
    const sent = post();
    const forged = signed({ ...key, secret: 'wrong' }, { method: 'POST', path, body: {} });
    const refusal = refusalOf(await client.exchange({ ...sent, ...change(sent) }));
    expect(refusal).toEqual(refusalOf(await client.exchange(forged)));
    expect(refusal).toMatchObject({ status: 401, errors: [{ code: 'BadAuthentication' }] });
  });

  it('of a parameter does not hold when it becomes two, or another', async () => {
    const sent = signed(key, { method: 'GET', path, query: { name: 'a&id=1' } });
    for (const url of [`${path}?name=a&id=1`, `${path}?name=a%2526id%3D1`, `${path}?id=1&name=a`])
      expect((await client.exchange({ ...sent, url })).status).toBe(401);
  });

  it('of a name that stands twice is one, and the request is refused for it', async () => {
    const date = new Date().toISOString();
    for (const query of ['id=1&id=2', 'id=2&id=1']) {
      const lines = ['GET', date, path, query, '{}'];
      const { headers } = signed(key, { method: 'GET', path });
      const own = { 'x-scalr-date': date, 'x-scalr-signature': signatureOf(key.secret, lines) };
      const sent = { method: 'GET', url: `${path}?${query}`, body: '{}' };
      const answer = await client.exchange({ ...sent, headers: { ...headers, ...own } });
      expect([answer.status, JSON.parse(answer.text).errors[0].code]).toEqual([
        400,
        'InvalidStructure',
      ]);
    }
  });

  it.each(['', 'now', '2026-11-22', 'Sun, 22 Nov 2026 10:00:00 GMT', '1795341600'])(
    'with the date "%s" is a bad request',
    async (date) => {
      const sent = post();
      for (const change of [dated(() => date), without('x-scalr-date')]) {
        const answer = await client.exchange({ ...sent, ...change(sent) });
        expect([answer.status, JSON.parse(answer.text).errors[0].code]).toEqual([
          400,
          'BadRequest',
        ]);
      }
    },
  );

  it('beside a cookie is refused', async () => {
    const sent = post();
    const headers = { ...sent.headers, cookie: 'slipway=x' };
    expect((await client.exchange({ ...sent, headers })).status).toBe(400);
  });

  it('changed nothing that was refused', async () => {
    const made = database.db.selectFrom('environments').where('name', '=', 'never made');
    expect(await made.selectAll().execute()).toEqual([]);
  });
});

import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSignInLink } from '../auth/sign-in-links.ts';
import { type Env, parseEnv } from '../env.ts';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { type ReverseProxy, startReverseProxy } from '../testing/network/reverse-proxy.ts';
import { signHeaders } from '../testing/sign-headers.ts';
import { createKey } from '../testing/signed-client.ts';

const database = withDatabase();
let tenant: Tenant;

beforeAll(async () => {
  tenant = await createTenant(database.db);
});

/** The settings that a process would have with these variables. */
function envOf(variables: NodeJS.ProcessEnv): Env {
  const env = parseEnv([], { LOG_LEVEL: 'silent', RATE_LIMIT_PER_MINUTE: '0', ...variables });
  if (env === 'help') throw new Error('usage was not asked for');
  return env;
}

/** Signs the viewer in, as a page whose requests carry these headers. */
async function signIn(variables: NodeJS.ProcessEnv, headers: Record<string, string>) {
  const app = buildTestApp(database.db, { env: envOf(variables) });
  const { email } = tenant.viewer;
  const { url } = await createSignInLink(database.db, { email, baseUrl: 'http://localhost' });
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1beta0/self/session/',
    headers: { 'content-type': 'application/json', ...headers },
    payload: { token: new URL(url).hash.replace('#token=', '') },
  });
  await app.close();
  return { status: answer.statusCode, cookie: String(answer.headers['set-cookie']), answer };
}

describe('behind a proxy with TLS that tells nothing, PUBLIC_URL is enough to sign in', () => {
  const variables = { PUBLIC_URL: 'https://Slipway.example.com' };
  const host = 'slipway.example.com';

  it.each([
    ['as browsers spell it', 'https://slipway.example.com'],
    ['with the default port', 'https://slipway.example.com:443'],
    ['in capitals', 'HTTPS://SLIPWAY.example.com'],
  ])('%s', async (_name, origin) => {
    const { status, cookie } = await signIn(variables, { host, origin });
    expect(status).toBe(201);
    expect(cookie).toMatch(/^__Host-slipway=\S+; .*Path=\/; .*Secure/);
  });

  it.each([
    'https://slipway.example.com:8443',
    'https://slipway.example.com.evil.example',
    'https://evil.example',
    'null',
    'nonsense',
  ])('and %s is still another origin', async (origin) => {
    const { status, answer } = await signIn(variables, { host, origin });
    expect(status).toBe(403);
    expect(answer.body).toContain('PUBLIC_URL');
  });
});

describe('what a proxy says of whoever came to it', () => {
  const byName = { ALLOWED_HOSTS: 'slipway.example.com' };
  const forwarded = (protocol: string) => ({
    host: 'inner.example:8080',
    origin: 'https://slipway.example.com',
    'x-forwarded-for': '198.51.100.7, 10.0.0.9',
    'x-forwarded-host': 'Slipway.Example.com:443, inner.example:8080',
    'x-forwarded-proto': protocol,
  });

  it.each(['https, http', 'HTTPS , http', 'http, https, http'])(
    'makes cookies Secure, by what the outermost believed one wrote: %s',
    async (protocol) => {
      const variables = { ...byName, TRUST_PROXY: '2' };
      const { status, cookie, answer } = await signIn(variables, forwarded(protocol));
      expect(status).toBe(201);
      expect(cookie).toMatch(/^__Host-slipway=\S+; .*Secure/);
      expect(answer.headers['strict-transport-security']).toContain('max-age');
    },
  );

  it.each(['10.0.0.0/8, 127.0.0.1', '10.0.0.9,127.0.0.0/8'])(
    'is believed from these alone: %s',
    async (TRUST_PROXY) => {
      expect((await signIn({ ...byName, TRUST_PROXY }, forwarded('https, http'))).status).toBe(201);
    },
  );

  it.each(['false', '10.0.0.0/8', '2001:db8::/32'])(
    'neither gets another host past the check nor a name into the log, believing %s',
    async (TRUST_PROXY) => {
      const { status, answer } = await signIn({ ...byName, TRUST_PROXY }, forwarded('https'));
      expect(status).toBe(400);
      expect(answer.body).toContain('does not answer to this host name');
      const app = buildTestApp(database.db, { env: envOf({ TRUST_PROXY }) });
      const key = await createKey(database.db, tenant.accountAdmin.email);
      const url = `/api/v1beta0/account/${tenant.account.accountId}/environments/`;
      const payload = JSON.stringify({ name: `by-proxy-${TRUST_PROXY.replaceAll(/\W/g, '')}` });
      const date = new Date().toISOString();
      const signed = signHeaders(key, { method: 'POST', url, date, body: payload });
      const headers = { host: 'localhost', ...signed, 'x-forwarded-for': '203.0.113.66' };
      const made = await app.inject({ method: 'POST', url, payload, headers });
      expect(made.statusCode).toBe(201);
      const entry = await database.db
        .selectFrom('operations_log')
        .where('object', '=', `environment:${made.json().data.id}`)
        .select('origin')
        .executeTakeFirstOrThrow();
      expect(entry.origin).toBe('127.0.0.1');
    },
  );
});

describe('below a path', () => {
  const PUBLIC_URL = 'http://localhost/slipway/';
  const app = () => buildTestApp(database.db, { env: envOf({ PUBLIC_URL }) });
  let server: ReturnType<typeof app>;
  let proxy: ReverseProxy;
  let stripping: ReverseProxy;

  beforeAll(async () => {
    server = app();
    await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as AddressInfo;
    const target = `http://127.0.0.1:${port}`;
    proxy = await startReverseProxy({ target });
    stripping = await startReverseProxy({ target, strip: '/slipway' });
  });
  afterAll(async () => {
    proxy.close();
    stripping.close();
    await server.close();
  });

  it('people sign in, and the cookie goes to that path alone', async () => {
    const { email } = tenant.viewer;
    const { url } = await createSignInLink(database.db, {
      email,
      baseUrl: `${proxy.origin}/slipway`,
    });
    expect(url).toContain('/slipway/sign-in#token=');
    const answer = await fetch(`${proxy.origin}/slipway/api/v1beta0/self/session/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: proxy.origin },
      body: JSON.stringify({ token: new URL(url).hash.replace('#token=', '') }),
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('set-cookie')).toMatch(/^slipway=\S+; .*Path=\/slipway;/);
  });

  it('programs sign the path that they send, in the old order too, and links lead there', async () => {
    const key = await createKey(database.db, tenant.accountAdmin.email);
    const get = async (path: string) => {
      const date = new Date().toISOString();
      const headers = signHeaders(key, { method: 'GET', url: path, date, body: '' });
      const answer = await fetch(proxy.origin + path, { headers });
      return (await answer.json()) as { pagination: { next: string }; warnings: object[] };
    };
    const base = `/account/${tenant.account.accountId}/os/?maxResults=5`;
    const first = await get(`/slipway/api/v1beta0${base}`);
    expect(first.warnings).toEqual([]);
    expect(first.pagination.next).toBe(`/slipway/api/v1beta0${base}&pageNum=2`);
    expect(await get(first.pagination.next)).toHaveProperty('data');
    const old = await get(`/slipway/api/account/v1beta0${base.replace('/account', '')}`);
    expect(old.warnings).toMatchObject([{ message: expect.stringContaining('/slipway/api/v1') }]);
  });

  it('the specifications and the reference name it', async () => {
    const read = async (path: string) =>
      (await fetch(`${proxy.origin}/slipway/api/${path}`)).text();
    expect(await read('user.v1beta0.yml')).toContain('basePath: "/slipway/api/v1beta0/user"');
    expect(JSON.parse(await read('openapi.json')).servers).toEqual([{ url: '/slipway' }]);
    expect(await read('docs')).toContain('src="/slipway/api/docs/start.js"');
    expect(await read('docs/start.js')).toContain("url: '/slipway/api/openapi.json'");
    expect(await read('docs/swagger-ui.css')).toContain('.swagger-ui');
  });

  it('a proxy that takes the path away is told so; the probes are at the root as well', async () => {
    const answer = await fetch(`${stripping.origin}/slipway/api/v1beta0/self/session/`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('A proxy must pass the whole path on.');
    expect((await fetch(`${stripping.origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${proxy.origin}/slipway/readyz`)).status).toBe(200);
    expect((await fetch(`${proxy.origin}/slipwayside/`)).status).toBe(404);
  });
});

describe('what cannot even be read', () => {
  let server: ReturnType<typeof buildTestApp>;
  beforeAll(async () => {
    server = buildTestApp(database.db);
    await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());

  it.each([
    ['malformed HTTP', 'NONSENSE\r\n\r\n', 'could not be understood'],
    ['a path that cannot be decoded', 'GET /api/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n', ''],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 'does not answer to this host name'],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: x\r\n\r\n', 'two Host headers'],
    ['a foreign Host', 'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n', 'ALLOWED_HOSTS'],
    ['a path in two spellings', 'GET /api//x HTTP/1.1\r\nHost: localhost\r\n\r\n', 'plainly'],
  ])('is refused in a sentence, with the headers of every answer: %s', async (_name, sent, why) => {
    const { port } = server.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.end(sent);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain(why);
    expect(answer).toMatch(/^content-security-policy: default-src /im);
    expect(answer).toMatch(/^x-content-type-options: nosniff\r$/im);
    expect(answer).toMatch(/^x-frame-options: DENY\r$/im);
  });
});

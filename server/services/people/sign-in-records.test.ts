import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSignInLink } from '../../auth/sign-in-links.ts';
import { recordFailedSignIn } from '../../database/queries/people/sign-ins.ts';
import { type Browser, buildTestApp, openBrowser } from '../../testing/app.ts';
import { withDatabase } from '../../testing/database.ts';
import { createClient, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

// docs/domain.md, "Records of signing in".

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;
let other: Tenant;
let chief: Browser;
let accountAdmin: Browser;

beforeAll(async () => {
  app = buildTestApp(database.db, { env: { trustProxy: () => true } });
  tenant = await createTenant(database.db);
  other = await createTenant(database.db);
  chief = await openBrowser(app, database.db, tenant.corporateAdmin.email);
  accountAdmin = await openBrowser(app, database.db, tenant.accountAdmin.email);
});
afterAll(() => app.close());

async function signIn(email: string, from = '192.0.2.1'): Promise<string> {
  const { url } = await createSignInLink(database.db, { email, baseUrl: 'http://localhost' });
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1beta0/self/session/',
    headers: { host: 'localhost', origin: 'http://localhost', 'x-forwarded-for': from },
    payload: { token: new URL(url).hash.replace('#token=', '') },
  });
  expect(answer.statusCode).toBe(201);
  return answer.cookies[0]?.value ?? '';
}

const tryPassword = (email: string, from = '192.0.2.2') =>
  app.inject({
    method: 'POST',
    url: '/api/v1beta0/self/session/password/',
    headers: { host: 'localhost', origin: 'http://localhost', 'x-forwarded-for': from },
    payload: { email, password: 'what nobody has' },
  });

type Row = { email: string | null; outcome: string; result: string };
const read = async (by: Browser, path: string): Promise<Row[]> =>
  (await by.send('GET', path)).json().data;
const emails = (rows: readonly Row[]) => new Set(rows.map(({ email }) => email));
const accountPath = () => `/account/${tenant.account.accountId}/sign-ins/`;
const newMember = (at: Tenant) => createClient(database.db, 'viewer', at.account);

describe('sign-ins', () => {
  it('say who it was, how, from where, and what came of it', async () => {
    const { email } = await newMember(tenant);
    await signIn(email, '192.0.2.7');
    await tryPassword(email, '198.51.100.9');
    expect(await read(chief, `/global/sign-ins/?person=${email}`)).toMatchObject([
      {
        way: 'password',
        outcome: 'wrong-password',
        result: 'failed',
        words: expect.stringMatching(/password was wrong/),
        email,
        user: { email },
        origin: '198.51.100.9',
      },
      { way: 'link', outcome: 'signed-in', result: 'in', email, origin: '192.0.2.7' },
    ]);
  });

  it('are found by search, way, result and time', async () => {
    const { email } = await newMember(tenant);
    await signIn(email, '203.0.113.5');
    await tryPassword(email, '203.0.113.6');
    const count = async (query: string) =>
      (await read(chief, `/global/sign-ins/?person=${email}&${query}`)).length;
    expect(await count('')).toBe(2);
    expect(await count('query=203.0.113.5')).toBe(1);
    expect(await count('way=link')).toBe(1);
    expect(await count('result=failed')).toBe(1);
    expect(await count('result=in')).toBe(1);
    expect(await count('result=asked')).toBe(0);
    expect(await count(`from=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(0);
    expect(await count(`to=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(2);
    const name = randomName('Somebody');
    await database.db.updateTable('users').set({ name }).where('email', '=', email).execute();
    expect(emails(await read(chief, `/global/sign-ins/?query=${name}`))).toEqual(new Set([email]));
  });

  it('of those with rights in an account are seen by its administrators, and nobody else’s', async () => {
    const [mine, theirs] = [await newMember(tenant), await newMember(other)];
    for (const { email } of [mine, theirs, tenant.corporateAdmin]) {
      await signIn(email);
      await tryPassword(email);
    }
    await tryPassword('nobody-known@example.com');
    const all = emails(await read(chief, '/global/sign-ins/'));
    expect(all).toContain('nobody-known@example.com');
    expect(all).toContain(theirs.email);
    const seen = emails(await read(accountAdmin, accountPath()));
    expect(seen).toContain(mine.email);
    expect(seen).not.toContain(theirs.email);
    // Who administers from above is not watched from below, nor is who is not known.
    expect(seen).not.toContain(tenant.corporateAdmin.email);
    expect(seen).not.toContain('nobody-known@example.com');
    expect(seen).not.toContain(null);
  });

  it('are for administrators alone; everybody sees their own', async () => {
    const { email } = await newMember(tenant);
    const token = await signIn(email);
    const headers = { host: 'localhost', cookie: `slipway=${token}` };
    const refused = await app.inject({ url: `/api/v1beta0${accountPath()}`, headers });
    expect(refused.statusCode).toBe(403);
    await tryPassword(email);
    await tryPassword(tenant.accountAdmin.email);
    const own = await app.inject({ url: '/api/v1beta0/self/sign-ins/', headers });
    expect(own.json().data).toMatchObject([
      { email, outcome: 'wrong-password' },
      { email, outcome: 'signed-in' },
    ]);
  });

  it('are a CSV that is safe to open', async () => {
    const { email } = await newMember(tenant);
    const name = '=cmd|calc!A1';
    await database.db.updateTable('users').set({ name }).where('email', '=', email).execute();
    await signIn(email);
    const answer = await chief.send('GET', `/global/sign-ins/csv/?person=${email}`);
    expect(answer.headers['content-type']).toMatch(/^text\/csv/);
    const [head, row] = answer.body.split('\r\n');
    expect(head).toContain('"When (UTC)","E-mail","Name","Way","What came of it"');
    expect(row).toContain(`"'${name}"`);
  });

  it('that failed at the provider are told in the words of the sign-in page', async () => {
    const attempt = { way: 'provider', origin: '192.0.2.44', network: '192.0.2.44' } as const;
    await recordFailedSignIn(database.db, 'unverified', attempt);
    expect(await read(chief, '/global/sign-ins/?query=192.0.2.44')).toMatchObject([
      { email: null, user: null, words: expect.stringMatching(/does not vouch/) },
    ]);
  });
});

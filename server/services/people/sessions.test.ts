import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedIn } from '#contract/people/sessions.ts';
import { createSignInLink } from '../../auth/sign-in-links.ts';
import { type Browser, buildTestApp, openBrowser } from '../../testing/app.ts';
import { withDatabase } from '../../testing/database.ts';
import { type Client, createClient, createTenant, type Tenant } from '../../testing/harness.ts';
import { createKey, sendSigned } from '../../testing/signed-client.ts';

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;

beforeAll(async () => {
  app = buildTestApp(database.db);
  tenant = await createTenant(database.db);
});
afterAll(() => app.close());

const path = '/self/sessions/';
const newPerson = () => createClient(database.db, 'viewer', tenant.account);
const open = ({ email }: Client) => openBrowser(app, database.db, email);
const listOf = async (browser: Browser) =>
  (await browser.send('GET', path)).json().data as SignedIn[];
const isIn = async (browser: Browser) =>
  (await browser.send('GET', '/self/session/')).statusCode === 200;

/** Redeems a link as a browser with this cookie does. @returns the cookie that it then has */
async function signIn(email: string, cookie = ''): Promise<string> {
  const { url } = await createSignInLink(database.db, { email, baseUrl: '' });
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1beta0/self/session/',
    headers: {
      host: 'localhost',
      origin: 'http://localhost',
      'content-type': 'application/json',
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      ...(cookie !== '' && { cookie }),
    },
    payload: JSON.stringify({ token: url.split('#token=')[1] }),
  });
  expect(answer.statusCode).toBe(201);
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

const statusWith = async (cookie: string) =>
  (
    await app.inject({
      url: '/api/v1beta0/self/session/',
      headers: { host: 'localhost', cookie },
    })
  ).statusCode;

describe('where one is signed in', () => {
  it('is listed by browser and address, this one marked, and nobody else is', async () => {
    const person = await newPerson();
    const cookie = await signIn(person.email);
    await open(await newPerson());
    const list = await app.inject({
      url: `/api/v1beta0${path}`,
      headers: { host: 'localhost', cookie },
    });
    expect(list.json().data).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}$/),
        name: 'Firefox on Linux',
        address: '127.0.0.1',
        started: expect.any(String),
        lastSeen: expect.any(String),
        ends: expect.any(String),
        current: true,
      },
    ]);
  });

  it('is listed no longer once the session has been idle for too long', async () => {
    const person = await newPerson();
    const [idle, mine] = [await open(person), await open(person)];
    const [{ id } = { id: '' }] = (await listOf(idle)).filter(({ current }) => current);
    await sql`UPDATE sessions SET last_seen_at = now() - interval '30 minutes'
      WHERE left(encode(token_hash, 'hex'), 8) = ${id}`.execute(database.db);
    expect(await listOf(mine)).toHaveLength(1);
    expect((await mine.send('DELETE', `${path}${id}/`)).statusCode).toBe(404);
  });
});

describe('ending a session', () => {
  it('ends that one alone, and is in the log with whose it was', async () => {
    const person = await newPerson();
    const [left, kept] = [await open(person), await open(person)];
    const [{ id } = { id: '' }] = (await listOf(left)).filter(({ current }) => current);
    const answer = await kept.send('DELETE', `${path}${id}/`);
    expect(answer.statusCode).toBe(200);
    expect([await isIn(left), await isIn(kept)]).toEqual([false, true]);
    const entry = await database.db
      .selectFrom('operations_log')
      .where('object', '=', `session:${id}`)
      .select(['operation', 'actor', 'before'])
      .executeTakeFirst();
    expect(entry).toMatchObject({
      operation: 'sessionEnd',
      actor: person.email,
      before: { name: 'Unknown browser' },
    });
  });

  it('is seen in Activity by administrators and by who did it, and by nobody else', async () => {
    const person = await createClient(database.db, 'viewer', tenant.corporate);
    const [left, kept] = [await open(person), await open(person)];
    const [{ id } = { id: '' }] = (await listOf(left)).filter(({ current }) => current);
    await kept.send('DELETE', `${path}${id}/`);
    const seenBy = async (client: Client) => {
      const { data } = await client.call('operationList', tenant.corporate, {
        query: { person: person.email },
      });
      return data.map(({ operation }) => operation);
    };
    const other = await createClient(database.db, 'operator', tenant.corporate);
    expect(await seenBy(person)).toEqual(['sessionEnd']);
    expect(await seenBy(tenant.corporateAdmin)).toEqual(['sessionEnd']);
    expect(await seenBy(other)).toEqual([]);
  });

  it('ends all others at once, and says how many', async () => {
    const person = await newPerson();
    const [mine, ...others] = [await open(person), await open(person), await open(person)];
    const end = async () =>
      (await mine.send('POST', `${path}actions/end-others/`)).json().data as { ended: number };
    expect(await end()).toEqual({ ended: 2 });
    expect(await Promise.all([mine, ...others].map(isIn))).toEqual([true, false, false]);
    expect(await end()).toEqual({ ended: 0 });
  });

  it('of somebody else is impossible, and tells nothing', async () => {
    const [person, other] = [await newPerson(), await newPerson()];
    const theirs = await open(other);
    const [{ id } = { id: '' }] = await listOf(theirs);
    const answer = await (await open(person)).send('DELETE', `${path}${id}/`);
    expect(answer.statusCode).toBe(404);
    expect(await isIn(theirs)).toBe(true);
  });

  it('is for people at a browser, not for their keys', async () => {
    const key = await createKey(database.db, (await newPerson()).email);
    const statuses = await Promise.all([
      sendSigned(app, key, { path }),
      sendSigned(app, key, { method: 'POST', path: `${path}actions/end-others/` }),
    ]);
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
  });
});

describe('signing in', () => {
  it('gives the browser a new session, and ends the one that it had, whoever put it there', async () => {
    const [mine, theirs] = [await newPerson(), await newPerson()];
    const planted = await signIn(theirs.email);
    const cookie = await signIn(mine.email, planted);
    expect(cookie).not.toBe(planted);
    expect([await statusWith(planted), await statusWith(cookie)]).toEqual([401, 200]);
  });

  it('takes no session that the browser made up', async () => {
    const cookie = await signIn((await newPerson()).email, 'slipway=made-up-by-somebody');
    expect(cookie).not.toContain('made-up-by-somebody');
    expect(await statusWith('slipway=made-up-by-somebody')).toBe(401);
  });
});

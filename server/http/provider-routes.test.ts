import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProviderSettings } from '../auth/provider.ts';
import { createSession } from '../auth/sessions.ts';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, randomName } from '../testing/harness.ts';
import { type IdentityProvider, startIdentityProvider } from '../testing/identity-provider.ts';

// Against a real provider of OpenID Connect; the browser between the two is played by hand.

const database = withDatabase();
const callback = 'http://localhost/api/oidc/callback';
/** The sign-in page, which tells other tabs of the browser and goes on. */
const entered = '/sign-in?entered=';
const headers = { host: 'localhost' };
let provider: IdentityProvider;
let settings: ProviderSettings;
let app: FastifyInstance;
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  await createTenant(database.db);
  provider = await startIdentityProvider();
  provider.allow(callback, 'http://localhost/sign-in');
  settings = {
    issuer: provider.issuer,
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    scopes: 'openid email profile',
    groupsClaim: undefined,
    label: 'Example',
    allowedDomains: [],
    trustsEmail: false,
  };
  app = appWith({});
});
beforeEach(() => {
  provider.behindMs = 0;
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await Promise.all(apps.map((one) => one.close()));
  await provider.close();
});

function appWith(changed: Partial<ProviderSettings>, env = {}): FastifyInstance {
  const made = buildTestApp(database.db, {
    env: { provider: { ...settings, ...changed }, ...env },
  });
  apps.push(made);
  return made;
}

/** Somebody whom the provider knows, and who is about to sign in there. */
function known(claims: object = {}): { subject: string; email: string } {
  const subject = randomName('subject');
  const email = `${subject}@example.com`;
  provider.people.set(subject, { email, email_verified: true, name: 'Ann Miller', ...claims });
  provider.signsIn = subject;
  return { subject, email };
}

async function invite(email: string, status: 'active' | 'suspended' = 'active'): Promise<number> {
  const user = database.db.insertInto('users').values({ email, name: 'Invited', status });
  return (await user.returning('id').executeTakeFirstOrThrow()).id;
}

interface Attempt {
  /** The address at the provider. */
  url: URL;
  /** What the browser keeps meanwhile. */
  cookie: string;
}

async function begin(to = app, next = '/'): Promise<Attempt> {
  const url = `/api/oidc/start?next=${encodeURIComponent(next)}`;
  const answer = await to.inject({ method: 'GET', url, headers });
  expect(answer.statusCode).toBe(303);
  const kept = answer.cookies.find(({ name }) => name === 'slipway-sign-in');
  expect(kept, answer.headers.location).toMatchObject({
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: 600,
  });
  return { url: new URL(answer.headers.location ?? ''), cookie: `slipway-sign-in=${kept?.value}` };
}

/** Goes where the provider sends the browser, until that leads back. @returns the path to come back by */
async function signInThere(start: URL): Promise<string> {
  const jar = new Map<string, string>();
  let at = start;
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    at = new URL(answer.headers.get('location') ?? '', at);
    if (at.href.startsWith(callback)) return at.pathname + at.search;
  }
  throw new Error(`The provider did not send the browser back: ${at.href}`);
}

async function comeBack(path: string, cookie: string, to = app) {
  const answer = await to.inject({ method: 'GET', url: path, headers: { ...headers, cookie } });
  expect(answer.statusCode).toBe(303);
  const session = answer.cookies.find(({ name }) => name === 'slipway')?.value;
  return { location: answer.headers.location, session, cookies: answer.cookies };
}

async function signIn(to = app, next = '/') {
  const { url, cookie } = await begin(to, next);
  return comeBack(await signInThere(url), cookie, to);
}

async function whoIs(session: string | undefined): Promise<string | undefined> {
  const answer = await app.inject({
    method: 'GET',
    url: '/api/v1beta0/self/session/',
    headers: { ...headers, cookie: `slipway=${session}` },
  });
  return answer.json().data?.user.email;
}

const lastSignIn = () =>
  database.db.selectFrom('sign_ins').selectAll().orderBy('id', 'desc').executeTakeFirst();

describe('whoever the provider lets in', () => {
  it('and was invited is signed in, and sent back to the page that was wanted', async () => {
    const { email } = known();
    const userId = await invite(email);
    const { location, session, cookies } = await signIn(app, '/accounts/1/farms?query=shop');
    expect(location).toBe(`${entered}&next=%2Faccounts%2F1%2Ffarms%3Fquery%3Dshop`);
    expect(await whoIs(session)).toBe(email);
    expect(cookies.find(({ name }) => name === 'slipway-sign-in')?.value).toBe('');
    expect(await lastSignIn()).toMatchObject({
      way: 'provider',
      outcome: 'signed-in',
      user_id: userId,
    });
  });

  it('is known by the subject from then on, whatever the address has become', async () => {
    const { subject, email } = known();
    await invite(email);
    await signIn();
    provider.people.set(subject, { email: 'somebody@elsewhere.example', email_verified: false });
    expect(await whoIs((await signIn()).session)).toBe(email);
  });

  it('with the address of somebody who is bound to another subject is not', async () => {
    const { email } = known();
    await invite(email);
    await signIn();
    known({ email });
    expect(await signIn()).toMatchObject({
      location: '/sign-in?problem=taken',
      session: undefined,
    });
  });

  it('becomes a user without any right where the domain is allowed, and nowhere else', async () => {
    const { email } = known();
    expect(await signIn()).toMatchObject({ location: '/sign-in?problem=unknown-person' });
    const open = appWith({ allowedDomains: ['example.com'] });
    expect(await whoIs((await signIn(open)).session)).toBe(email);
    const made = await database.db
      .selectFrom('users')
      .leftJoin('grants', 'grants.user_id', 'users.id')
      .where('email', '=', email)
      .select(['users.name', 'grants.role'])
      .execute();
    expect(made).toEqual([{ name: 'Ann Miller', role: null }]);
    const { object } = await database.db
      .selectFrom('operations_log')
      .where('operation', '=', 'sessionCreateByProvider')
      .select('object')
      .executeTakeFirstOrThrow();
    expect(object).toMatch(/^user:\d+$/);
  });

  it('replaces the session that the browser had', async () => {
    const first = known();
    const userId = await invite(first.email);
    const { token } = await createSession(database.db, userId);
    const { url, cookie } = await begin();
    const { session } = await comeBack(await signInThere(url), `${cookie}; slipway=${token}`);
    expect(await whoIs(session)).toBe(first.email);
    expect(await whoIs(token)).toBeUndefined();
  });
});

describe('whoever comes back is not signed in', () => {
  const refused = async (problem: string, claims: object, status?: 'suspended') => {
    const isVouchedFor = status === 'suspended';
    const { email } = known(claims);
    await invite(email, status);
    const recorded = isVouchedFor ? email : null;
    const { location, session } = await signIn();
    expect({ location, session }).toEqual({
      location: `/sign-in?problem=${problem}`,
      session: undefined,
    });
    expect(await lastSignIn()).toMatchObject({
      way: 'provider',
      outcome: problem,
      email: recorded,
    });
  };

  it('with an address that the provider does not vouch for', () =>
    refused('unverified', { email_verified: false }));
  it('with one that it says nothing of', () =>
    refused('unverified', { email_verified: undefined }));
  it('without an address', () => refused('no-email', { email: undefined }));
  it('while suspended', () => refused('suspended', {}, 'suspended'));

  it('when the provider, or the person, refuses', async () => {
    provider.signsIn = 'refuse';
    expect(await signIn()).toMatchObject({ location: '/sign-in?problem=denied' });
  });

  it('with another sign-in’s answer; the right one still works', async () => {
    const { email } = known();
    await invite(email);
    const [one, other] = [await begin(), await begin()];
    const path = await signInThere(one.url);
    expect(await comeBack(path, other.cookie)).toMatchObject({
      location: '/sign-in?problem=mixed-up',
      cookies: [],
    });
    expect((await comeBack(path, one.cookie)).location).toBe(entered);
  });

  it('with a code that was used already', async () => {
    const { email } = known();
    await invite(email);
    const { url, cookie } = await begin();
    const path = await signInThere(url);
    expect((await comeBack(path, cookie)).location).toBe(entered);
    expect(await comeBack(path, cookie)).toMatchObject({
      location: '/sign-in?problem=code-refused',
      session: undefined,
    });
  });

  it('with a token that was made for another sign-in (its nonce)', async () => {
    await invite(known().email);
    const [one, { url, cookie }] = [await begin(), await begin()];
    url.searchParams.set('nonce', one.url.searchParams.get('nonce') ?? '');
    const path = await signInThere(url);
    expect((await comeBack(path, cookie)).location).toBe('/sign-in?problem=not-trusted');
  });

  it('with a token that has expired', async () => {
    provider.behindMs = 3_600_000;
    await invite(known().email);
    expect((await signIn()).location).toBe('/sign-in?problem=not-trusted');
  });

  it('but the next attempt leads to the page that was wanted', async () => {
    known();
    expect((await signIn(app, '/accounts/1/roles')).location).toBe(
      '/sign-in?problem=unknown-person&next=%2Faccounts%2F1%2Froles',
    );
  });

  it('in another browser, or after ten minutes', async () => {
    await invite(known().email);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 601_000 });
    const { url, cookie } = await begin();
    vi.useRealTimers();
    const path = await signInThere(url);
    for (const kept of ['', cookie, 'slipway-sign-in=forged'])
      expect((await comeBack(path, kept)).location).toBe('/sign-in?problem=too-late');
  });

  it('when the provider cannot be reached, at the start or later', async () => {
    const away = appWith({ issuer: 'http://127.0.0.1:1' });
    const answer = await away.inject({ method: 'GET', url: '/api/oidc/start', headers });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe('/sign-in?problem=unreachable');
  });

  it('where none is set up', async () => {
    const bare = buildTestApp(database.db);
    apps.push(bare);
    for (const name of ['start', 'callback', 'sign-out']) {
      const answer = await bare.inject({ method: 'GET', url: `/api/oidc/${name}`, headers });
      expect(answer.headers.location).toBe('/sign-in?problem=not-set-up');
    }
  });

  it('when too many have tried from there', async () => {
    const strict = appWith({}, { addressLimitPerMinute: 1 });
    await begin(strict);
    const answer = await strict.inject({ method: 'GET', url: '/api/oidc/start', headers });
    expect(answer.headers.location).toBe('/sign-in?problem=too-many');
  });
});

it.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example/',
  '/api/oidc/sign-out',
  '/sign-in',
  '/\t/evil.example',
  `/${'a'.repeat(2_000)}`,
])('nobody is sent to %j afterwards', async (next) => {
  await invite(known().email);
  expect((await signIn(app, next)).location).toBe(entered);
});

describe('groups', () => {
  const team = async (group: string, role?: 'administrator') => {
    const { id } = await database.db
      .insertInto('teams')
      .values({ name: group, external_group: group, scope: 'scalr', created_by: 'test' })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (role)
      await database.db
        .insertInto('grants')
        .values({ team_id: id, role, scope: 'scalr' })
        .execute();
    return id;
  };
  const teamsOf = (userId: number) =>
    database.db
      .selectFrom('team_members')
      .where('user_id', '=', userId)
      .select(['team_id', 'source'])
      .orderBy('team_id')
      .execute();

  it('decide the teams that the provider put somebody into, at each sign-in, and no others', async () => {
    const withGroups = appWith({ groupsClaim: 'groups' });
    const [own, one, two] = [
      await team(randomName('own')),
      await team(randomName('one')),
      await team(randomName('two')),
    ];
    const names = new Map(
      (await database.db.selectFrom('teams').select(['id', 'external_group']).execute()).map(
        (row) => [row.id, row.external_group],
      ),
    );
    const { subject, email } = known({ groups: [names.get(one), 'of no team'] });
    const userId = await invite(email);
    await database.db
      .insertInto('team_members')
      .values({ team_id: own, user_id: userId })
      .execute();
    await signIn(withGroups);
    expect(await teamsOf(userId)).toEqual([
      { team_id: own, source: 'manual' },
      { team_id: one, source: 'oidc' },
    ]);
    provider.people.set(subject, { groups: [names.get(two), names.get(own)] });
    await signIn(withGroups);
    expect(await teamsOf(userId)).toEqual([
      { team_id: own, source: 'manual' },
      { team_id: two, source: 'oidc' },
    ]);
    provider.people.set(subject, {});
    await signIn(withGroups);
    expect(await teamsOf(userId)).toEqual([{ team_id: own, source: 'manual' }]);
  });

  it('never take the last administrator of Corporate away', async () => {
    const withGroups = appWith({ groupsClaim: 'groups' });
    const group = randomName('admins');
    const id = await team(group, 'administrator');
    const { subject, email } = known({ groups: [group] });
    const userId = await invite(email);
    await signIn(withGroups);
    const others = await database.db
      .deleteFrom('grants')
      .where('user_id', 'is not', null)
      .where('scope', '=', 'scalr')
      .returning(['user_id', 'role', 'scope'])
      .execute();
    provider.people.set(subject, { groups: [] });
    await signIn(withGroups);
    expect(await teamsOf(userId)).toEqual([{ team_id: id, source: 'oidc' }]);
    await database.db.insertInto('grants').values(others).execute();
    await signIn(withGroups);
    expect(await teamsOf(userId)).toEqual([]);
  });
});

it('the sign-in page is told what the provider is called, and that it signs out too', async () => {
  await begin();
  const answer = await app.inject({
    method: 'GET',
    url: '/api/v1beta0/self/sign-in-ways/',
    headers,
  });
  expect(answer.json().data.provider).toEqual({ label: 'Example', signsOut: true });
  const out = await app.inject({ method: 'GET', url: '/api/oidc/sign-out', headers });
  const to = new URL(out.headers.location ?? '');
  expect(to.origin).toBe(provider.issuer);
  expect(to.searchParams.get('post_logout_redirect_uri')).toBe('http://localhost/sign-in');
});

it('only a GET leads there', async () => {
  const answer = await app.inject({ method: 'POST', url: '/api/oidc/start', headers });
  expect(answer.statusCode).toBe(405);
});

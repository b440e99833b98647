import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PasskeyAnswer } from '#contract/people/passkey-forms.ts';
import { buildTestApp, openBrowser } from '../../testing/app.ts';
import { Authenticator, type Misdeed } from '../../testing/authenticator.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';
import {
  addPasskey as add,
  beginAdding as begin,
  beginSignIn as beginSignInAt,
  createOwner,
  createPerson,
  enterWith,
  origin,
  outcomesOf as outcomesIn,
  sendSelf,
  setSecondStep,
  signInWith,
} from '../../testing/passkey-people.ts';
import { createKey, sendSigned } from '../../testing/signed-client.ts';

// docs/domain.md, "Passkeys".

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;

beforeAll(async () => {
  app = buildTestApp(database.db, { env: { trustProxy: () => true } });
  tenant = await createTenant(database.db);
});
afterAll(() => app.close());

const person = () => createPerson(app, database.db);
const owner = () => createOwner(app, database.db);
const send = (path: string, body: object, to = app, headers: Record<string, string> = {}) =>
  sendSelf(to, path, body, headers);
const beginSignIn = () => beginSignInAt(app);
const signIn = (passkey: PasskeyAnswer, to = app) => signInWith(to, passkey);
const enter = (key: Authenticator, misdeed?: Misdeed) => enterWith(app, key, misdeed);
const outcomesOf = (email: string) => outcomesIn(database.db, email);
const refused = (code: string, words?: RegExp) => ({
  errors: [
    expect.objectContaining({ code, ...(words && { message: expect.stringMatching(words) }) }),
  ],
});

describe('a passkey', () => {
  it('is added under a name, listed, renamed, and signs in alone', async () => {
    const who = await owner();
    const listed = async () => (await who.browser.send('GET', '/self/passkeys/')).json().data;
    expect(await listed()).toMatchObject([
      { name: 'Key', host: 'localhost', synced: false, lastUsed: null, version: 1 },
    ]);
    const path = `/self/passkeys/${who.passkey}/`;
    const renamed = await who.browser.send('PATCH', path, { name: 'Keyring' });
    expect(renamed.json().data).toMatchObject({ name: 'Keyring', version: 2 });

    const answer = await enter(who.key);
    expect(answer.statusCode).toBe(201);
    expect(answer.json().data.user.email).toBe(who.email);
    expect(answer.cookies).toMatchObject([{ name: 'slipway', httpOnly: true, sameSite: 'Lax' }]);
    expect(await listed()).toMatchObject([{ lastUsed: expect.any(String) }]);
    expect(await outcomesOf(who.email)).toEqual(['passkey: signed-in']);
  });

  it('of several is each as good as the others', async () => {
    const who = await owner();
    const second = (await add(who)).key;
    for (const key of [who.key, second, who.key])
      expect((await enter(key)).json().data.user.email).toBe(who.email);
  });

  it('of an authenticator that never counts works again and again', async () => {
    const who = await person();
    const { key } = await add(who, new Authenticator(origin, undefined));
    for (let time = 0; time < 3; time += 1) expect((await enter(key)).statusCode).toBe(201);
  });

  it('is asked of an authenticator that does not have one for the user yet', async () => {
    const who = await owner();
    const wanted = await begin(who);
    expect(wanted.excludeCredentials).toMatchObject([{ id: who.key.id, transports: ['usb'] }]);
    expect(wanted.rp).toEqual({ id: 'localhost', name: 'Slipway' });
    // What authenticators keep of somebody says nothing of them.
    expect(Buffer.from(wanted.user.id, 'base64url')).toHaveLength(16);
  });

  it.each<[string, Misdeed]>([
    ['by another page', { origin: 'http://evil.example' }],
    ['by the same page over TLS', { origin: 'https://localhost' }],
    ['for another host', { host: 'evil.example' }],
    ['with another challenge', { challenge: 'A'.repeat(43) }],
    ['by an authenticator that did not look who used it', { isUnverified: true }],
    ['as an answer to something else', { type: 'webauthn.get' }],
  ])('that was made %s is not taken', async (_, misdeed) => {
    const who = await person();
    const { answer } = await add(who, undefined, misdeed);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject(refused('InvalidValue'));
    expect((await who.browser.send('GET', '/self/passkeys/')).json().data).toEqual([]);
  });

  it('is taken once, and only of who began to add it', async () => {
    const [who, other] = [await person(), await person()];
    const { made, answer } = await add(who);
    expect(answer.statusCode).toBe(201);
    const again = await who.browser.send('POST', '/self/passkeys/', { name: 'Twice', made });
    expect(again.json()).toMatchObject(refused('InvalidValue', /Begin again/));

    const stolen = new Authenticator(origin).make(await begin(who));
    const body = { name: 'Mine', made: stolen };
    const taken = await other.browser.send('POST', '/self/passkeys/', body);
    expect(taken.json()).toMatchObject(refused('InvalidValue', /somebody else/));
    // Trying has used it up.
    expect((await who.browser.send('POST', '/self/passkeys/', body)).statusCode).toBe(400);
  });

  it('that is somebody’s already is nobody else’s', async () => {
    const [who, other] = [await owner(), await person()];
    const { answer } = await add(other, who.key);
    expect(answer.json()).toMatchObject(refused('UnicityViolation'));
    expect((await enter(who.key)).json().data.user.email).toBe(who.email);
  });

  it('takes a fresh sign-in to add and to remove', async () => {
    const who = await owner();
    await sql`UPDATE sessions SET confirmed_at = confirmed_at - interval '11 minutes'
      WHERE user_id = ${who.id}`.execute(database.db);
    for (const answer of [
      await who.browser.send('POST', '/self/passkeys/actions/begin/', {}),
      await who.browser.send('DELETE', `/self/passkeys/${who.passkey}/`),
      await setSecondStep(who, true),
    ]) {
      expect(answer.json()).toMatchObject(refused('ConfirmationRequired'));
      expect(answer.json().errors[0].confirmBy).toContain('passkey');
    }
    expect((await who.browser.send('GET', '/self/passkeys/')).json().data).toHaveLength(1);
  });

  it('confirms again that it is they', async () => {
    const who = await owner();
    const { token } = (await enter(who.key)).cookies.map(({ value }) => ({ token: value }))[0] ?? {
      token: '',
    };
    await sql`UPDATE sessions SET confirmed_at = confirmed_at - interval '11 minutes'
      WHERE user_id = ${who.id}`.execute(database.db);
    const headers = { cookie: `slipway=${token}` };
    const stale = await send('/passkeys/actions/begin/', {}, app, headers);
    expect(stale.json()).toMatchObject(refused('ConfirmationRequired'));
    const passkey = who.key.answer(await beginSignIn());
    const fresh = await send('/session/passkey/', { passkey }, app, headers);
    const cookie = `slipway=${fresh.cookies[0]?.value}`;
    expect((await send('/passkeys/actions/begin/', {}, app, { cookie })).statusCode).toBe(200);
    // The session before has ended.
    expect((await send('/passkeys/actions/begin/', {}, app, headers)).statusCode).toBe(401);
  });

  it('is nothing that an API key could manage', async () => {
    const who = await owner();
    const key = await createKey(database.db, who.email);
    for (const [method, path] of [
      ['GET', '/self/passkeys/'],
      ['POST', '/self/passkeys/actions/begin/'],
      ['DELETE', `/self/passkeys/${who.passkey}/`],
    ] as const) {
      const answer = await sendSigned(app, key, { method, path });
      expect(answer.json()).toMatchObject(refused('PermissionViolation'));
    }
  });

  it('is somebody’s own: others neither see, rename nor remove it', async () => {
    const [who, other] = [await owner(), await person()];
    const path = `/self/passkeys/${who.passkey}/`;
    for (const answer of [
      await other.browser.send('PATCH', path, { name: 'Mine' }),
      await other.browser.send('DELETE', path),
    ])
      expect(answer.statusCode).toBe(404);
    expect((await enter(who.key)).statusCode).toBe(201);
  });
});

describe('whoever signs in with a passkey', () => {
  it.each<[string, Misdeed, RegExp]>([
    ['on another page', { origin: 'http://evil.example' }, /does not sign in here/],
    ['on the same page over TLS', { origin: 'https://localhost' }, /does not sign in here/],
    ['for another host', { host: 'evil.example' }, /does not sign in here/],
    ['to a challenge that nobody gave', { challenge: 'A'.repeat(43) }, /is over already/],
    ['and was not looked at', { isUnverified: true }, /does not sign in here/],
    ['in the name of somebody else', { userHandle: 'A'.repeat(22) }, /does not sign in here/],
    ['with what makes a passkey', { type: 'webauthn.create' }, /does not sign in here/],
  ])('%s is refused, and that is recorded', async (_, misdeed, words) => {
    const who = await owner();
    const answer = await enter(who.key, misdeed);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject(refused('BadAuthentication', words));
    expect(answer.cookies).toEqual([]);
    expect(await outcomesOf(who.email)).toEqual([
      misdeed.challenge === undefined ? 'passkey: wrong-passkey' : 'passkey: old-challenge',
    ]);
    expect((await enter(who.key)).statusCode).toBe(201);
  });

  it('sends the same answer a second time is refused', async () => {
    const who = await owner();
    const answer = who.key.answer(await beginSignIn());
    expect((await signIn(answer)).statusCode).toBe(201);
    const again = await signIn(answer);
    expect(again.json()).toMatchObject(refused('BadAuthentication', /over already/));
    expect(await outcomesOf(who.email)).toEqual(['passkey: signed-in', 'passkey: old-challenge']);
  });

  it('sends the same answer many times at once comes in once', async () => {
    const who = await owner();
    const answer = who.key.answer(await beginSignIn());
    const all = await Promise.all(Array.from({ length: 6 }, () => signIn(answer)));
    expect(all.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
  });

  it('has begun too long ago is refused', async () => {
    const who = await owner();
    const request = await beginSignIn();
    await sql`UPDATE passkey_challenges SET expires_at = clock_timestamp()`.execute(database.db);
    expect((await signIn(who.key.answer(request))).json()).toMatchObject(
      refused('BadAuthentication', /5 minutes ago/),
    );
  });

  it.each([
    ['back', 2],
    ['not at all', 3],
    ['from the beginning', 0],
  ])('has an authenticator that counts %s may have a copy of it', async (_, counter) => {
    const who = await owner();
    for (let time = 0; time < 3; time += 1) expect((await enter(who.key)).statusCode).toBe(201);
    const answer = await enter(who.key, { counter });
    expect(answer.json()).toMatchObject(refused('BadAuthentication', /a copy of it/));
    expect((await outcomesOf(who.email)).at(-1)).toBe('passkey: copied-passkey');
  });

  it('only says that it counts, without the key, tells nobody anything', async () => {
    const who = await owner();
    expect((await enter(who.key)).statusCode).toBe(201);
    const forged = new Authenticator(origin);
    const answer = { ...forged.answer(await beginSignIn(), { counter: 0 }), id: who.key.id };
    expect((await signIn(answer)).json()).toMatchObject(
      refused('BadAuthentication', /does not sign in here/),
    );
  });

  it('has a passkey that nobody has added is refused', async () => {
    const answer = await enter(new Authenticator(origin));
    expect(answer.json()).toMatchObject(refused('BadAuthentication', /does not sign in here/));
  });

  it('is suspended, or has left, does not come in', async () => {
    const admin = await openBrowser(app, database.db, tenant.corporateAdmin.email);
    for (const act of ['suspend', 'remove']) {
      const who = await owner();
      const path = `/global/users/${who.id}/actions/${act}/`;
      expect((await admin.send('POST', path, {})).statusCode).toBe(200);
      const answer = await enter(who.key);
      expect(answer.statusCode).toBe(401);
      expect(answer.cookies).toEqual([]);
    }
  });

  it('comes by an address without a name is told what to open', async () => {
    const numbered = buildTestApp(database.db, { env: { allowedHosts: ['127.0.0.1'] } });
    const headers = { host: '127.0.0.1:4400', origin: 'http://127.0.0.1:4400' };
    const answer = await send('/session/passkey/actions/begin/', {}, numbered, headers);
    expect(answer.json()).toMatchObject(refused('UnacceptableState', /at its name/));
    const ways = await numbered.inject({ url: '/api/v1beta0/self/sign-in-ways/', headers });
    expect(ways.json().data).toMatchObject({ passkey: false });
    await numbered.close();
  });

  it('comes by the public address has a passkey of its host', async () => {
    const publicUrl = 'https://images.example.com/slipway';
    const env = { allowedHosts: ['images.example.com'], publicUrl, basePath: '/slipway' };
    const behind = buildTestApp(database.db, { env });
    const headers = { host: 'images.example.com', origin: 'https://images.example.com' };
    const url = '/slipway/api/v1beta0/self/session/passkey/actions/begin/';
    const answer = await behind.inject({ method: 'POST', url, headers, payload: {} });
    expect(answer.json().data).toMatchObject({ rpId: 'images.example.com' });
    await behind.close();
  });

  it('has a passkey of the host that was asked, which is not that of whatever page asks', async () => {
    const headers = { origin: 'http://evil.localhost' };
    const answer = await send('/session/passkey/actions/begin/', {}, app, headers);
    // It is no page of ours, so it gets nothing.
    expect(answer.statusCode).toBe(403);
    const ways = await app.inject({
      url: '/api/v1beta0/self/sign-in-ways/',
      headers: { host: 'localhost', origin: 'http://127.0.0.1' },
    });
    expect(ways.json().data.passkey).toBe(true);
  });

  it('cannot where passkeys are switched off', async () => {
    const who = await owner();
    const request = await beginSignIn();
    const off = buildTestApp(database.db, { env: { passkeys: 'off' } });
    expect((await send('/session/passkey/actions/begin/', {}, off)).statusCode).toBe(409);
    expect((await signIn(who.key.answer(request), off)).statusCode).toBe(409);
    await off.close();
  });
});

it('adding, renaming and removing a passkey is recorded, without the key', async () => {
  const who = await owner();
  const path = `/self/passkeys/${who.passkey}/`;
  await who.browser.send('PATCH', path, { name: 'Other' });
  await who.browser.send('DELETE', path);
  const log = await database.db
    .selectFrom('operations_log')
    .where('object', '=', `passkey:${who.passkey}`)
    .orderBy('revision')
    .select(['operation', 'actor', 'before', 'after'])
    .execute();
  expect(log.map(({ operation }) => operation)).toEqual([
    'passkeyCreate',
    'passkeyUpdate',
    'passkeyDelete',
  ]);
  expect(log[0]).toMatchObject({ actor: who.email, after: { name: 'Key', user: { id: who.id } } });
  expect(JSON.stringify(log)).not.toContain(who.key.id);
});

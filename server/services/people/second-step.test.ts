import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PasskeyAnswer } from '#contract/people/passkey-forms.ts';
import { createSignInLink } from '../../auth/sign-in-links.ts';
import { buildTestApp, openBrowser } from '../../testing/app.ts';
import type { Authenticator } from '../../testing/authenticator.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';
import {
  addPasskey as add,
  beginSignIn as beginSignInAt,
  createOwner,
  createPerson,
  enterWith,
  origin,
  outcomesOf as outcomesIn,
  type Owner,
  sendSelf,
  setPassword,
  setSecondStep,
  signInByPassword,
  signInWith,
} from '../../testing/passkey-people.ts';
import { makeLinkMail } from './sign-in.ts';

// docs/domain.md, "Passkeys".

const database = withDatabase();
let app: FastifyInstance;
let withoutMail: FastifyInstance;
let demanding: FastifyInstance;
let tenant: Tenant;

beforeAll(async () => {
  const channels = { mail: false, webhook: false, address: origin };
  const env = { trustProxy: () => true } as const;
  app = buildTestApp(database.db, { env });
  withoutMail = buildTestApp(database.db, { env, channels });
  demanding = buildTestApp(database.db, { env: { ...env, passkeys: 'demanded' }, channels });
  tenant = await createTenant(database.db);
});
afterAll(async () => {
  await Promise.all([app.close(), withoutMail.close(), demanding.close()]);
});

const person = () => createPerson(app, database.db);
const owner = (at = app) => createOwner(at, database.db);
const send = (path: string, body: object, to = app) => sendSelf(to, path, body);
const beginSignIn = () => beginSignInAt(app);
const signIn = (passkey: PasskeyAnswer) => signInWith(app, passkey);
const enter = (key: Authenticator) => enterWith(app, key);
const byPassword = (email: string, passkey?: PasskeyAnswer, to = app) =>
  signInByPassword(to, email, passkey);
const outcomesOf = (email: string) => outcomesIn(database.db, email);
const refused = (code: string, words?: RegExp) => ({
  errors: [
    expect.objectContaining({ code, ...(words && { message: expect.stringMatching(words) }) }),
  ],
});

describe('a passkey after the password', () => {
  /** Somebody who wants one asked for. */
  async function careful() {
    const who = await owner();
    await setPassword(who);
    const answer = await setSecondStep(who, true);
    expect(answer.json().data).toEqual({ on: true, demanded: false });
    return who;
  }
  const asked = async (email: string, to?: FastifyInstance) =>
    (await byPassword(email, undefined, to)).json().errors[0];

  it('is asked for where its user chose that, and lets them in', async () => {
    const who = await careful();
    const first = await byPassword(who.email);
    expect(first.statusCode).toBe(401);
    expect(first.cookies).toEqual([]);
    const [error] = first.json().errors;
    expect(error).toMatchObject({
      code: 'PasskeyRequired',
      passkey: { rpId: 'localhost', allowCredentials: [{ id: who.key.id }] },
    });
    const second = await byPassword(who.email, who.key.answer(error.passkey));
    expect(second.statusCode).toBe(201);
    expect((await outcomesOf(who.email)).at(-1)).toBe('two-steps: signed-in');
  });

  it('is not asked for by a wrong password, which tells nothing', async () => {
    const who = await careful();
    const body = { email: who.email, password: 'something else' };
    expect((await send('/session/password/', body)).json()).toMatchObject(
      refused('BadAuthentication', /e-mail address or the password is wrong/),
    );
  });

  it('does not stand in for the password', async () => {
    const who = await careful();
    const { passkey } = await asked(who.email);
    const body = { email: who.email, password: 'something else', passkey: who.key.answer(passkey) };
    expect((await send('/session/password/', body)).statusCode).toBe(401);
  });

  it('must be theirs, to the challenge that was given for it', async () => {
    const [who, other] = [await careful(), await owner()];
    const others = other.key.answer((await asked(who.email)).passkey);
    expect((await byPassword(who.email, others)).json()).toMatchObject(
      refused('BadAuthentication', /does not sign in here/),
    );
    const alone = who.key.answer(await beginSignIn());
    expect((await byPassword(who.email, alone)).statusCode).toBe(401);
    const right = who.key.answer((await asked(who.email)).passkey);
    // Nor is a second step a sign-in alone.
    expect((await signIn(right)).statusCode).toBe(401);
    const answer = who.key.answer((await asked(who.email)).passkey);
    expect((await byPassword(who.email, answer)).statusCode).toBe(201);
    expect((await byPassword(who.email, answer)).statusCode).toBe(401);
  });

  it('is asked for after a link that one has sent oneself, which is not used up by asking', async () => {
    const who = await careful();
    const { text } = await makeLinkMail(database.db, { email: who.email, address: origin });
    const token = /#token=([\w-]+)/.exec(text)?.[1] ?? '';
    const first = await send('/session/', { token });
    expect(first.json()).toMatchObject(refused('PasskeyRequired'));
    const passkey = who.key.answer(first.json().errors[0].passkey);
    expect((await send('/session/', { token, passkey })).statusCode).toBe(201);
    expect((await send('/session/', { token })).statusCode).toBe(401);
  });

  it('is not asked for after a link that whoever runs Slipway has made', async () => {
    const who = await careful();
    const { url } = await createSignInLink(database.db, { email: who.email, baseUrl: origin });
    const token = new URL(url).hash.replace('#token=', '');
    expect((await send('/session/', { token })).statusCode).toBe(201);
  });

  it('can be switched off, and not on by who has none', async () => {
    const who = await careful();
    expect((await setSecondStep(who, false)).json().data).toMatchObject({ on: false });
    expect((await byPassword(who.email)).statusCode).toBe(201);
    expect((await setSecondStep(await person(), true)).json()).toMatchObject(
      refused('UnacceptableState', /no passkey yet/),
    );
  });

  it('that is demanded of everybody keeps out who has none, but for a link', async () => {
    const who = await person();
    await setPassword(who);
    const ways = await demanding.inject({
      url: '/api/v1beta0/self/sign-in-ways/',
      headers: { host: 'localhost' },
    });
    expect(ways.json().data).toMatchObject({ passkey: true, passkeyDemanded: true });
    expect((await byPassword(who.email, undefined, demanding)).json()).toMatchObject(
      refused('BadAuthentication', /you have none/),
    );
    const { text } = await makeLinkMail(database.db, { email: who.email, address: origin });
    const token = /#token=([\w-]+)/.exec(text)?.[1] ?? '';
    expect((await send('/session/', { token }, demanding)).statusCode).toBe(201);
    const { key } = await add(who);
    const { passkey } = await asked(who.email, demanding);
    const answer = await byPassword(who.email, key.answer(passkey), demanding);
    expect(answer.statusCode).toBe(201);
  });

  it('does not make a sign-in so fresh that the password can be set without the one before', async () => {
    const who = await careful();
    const answer = who.key.answer((await asked(who.email)).passkey);
    const cookie = `slipway=${(await byPassword(who.email, answer)).cookies[0]?.value}`;
    const state = await app.inject({
      url: '/api/v1beta0/self/password/',
      headers: { host: 'localhost', cookie },
    });
    expect(state.json().data.takes).toBe('present');
  });
});

describe('the last way to sign in', () => {
  const remove = ({ browser, passkey }: Owner) =>
    browser.send('DELETE', `/self/passkeys/${passkey}/`);

  it('stays', async () => {
    const who = await owner(withoutMail);
    expect((await remove(who)).json()).toMatchObject(refused('UnacceptableState', /last way/));
    await setPassword(who);
    expect((await remove(who)).statusCode).toBe(200);
    expect((await enter(who.key)).statusCode).toBe(401);
  });

  it('is not a password, where a passkey is demanded as well', async () => {
    const who = await owner(demanding);
    await setPassword(who);
    expect((await remove(who)).json()).toMatchObject(refused('UnacceptableState', /last way/));
    await add(who);
    expect((await remove(who)).statusCode).toBe(200);
  });

  it('is not a passkey that is asked for after the password', async () => {
    const who = await owner();
    await setPassword(who);
    await setSecondStep(who, true);
    expect((await remove(who)).json()).toMatchObject(
      refused('UnacceptableState', /Switch that off/),
    );
    await setSecondStep(who, false);
    expect((await remove(who)).statusCode).toBe(200);
  });
});

describe('whoever cannot sign in any more', () => {
  const reset = (id: number, to = withoutMail, email = tenant.corporateAdmin.email) =>
    openBrowser(to, database.db, email).then((admin) =>
      admin.send('POST', `/global/users/${id}/actions/reset-sign-in/`, {}),
    );

  it('is let in by an administrator, once, with nothing left of before', async () => {
    const who = await owner();
    await setPassword(who);
    await setSecondStep(who, true);
    const answer = await reset(who.id);
    expect(answer.statusCode).toBe(201);
    const { link, mailed } = answer.json().data;
    expect(mailed).toBe(false);
    expect((await who.browser.send('GET', '/self/passkeys/')).statusCode).toBe(401);
    expect((await enter(who.key)).statusCode).toBe(401);
    expect((await byPassword(who.email)).statusCode).toBe(401);
    const token = new URL(link.url).hash.replace('#token=', '');
    expect((await send('/session/', { token })).statusCode).toBe(201);
    expect((await send('/session/', { token })).statusCode).toBe(401);
    const log = await database.db
      .selectFrom('operations_log')
      .where('operation', '=', 'userResetSignIn')
      .where('object', '=', `user:${who.id}`)
      .select('others')
      .executeTakeFirstOrThrow();
    expect(log.others).toMatchObject([{ object: `passkey:${who.passkey}` }]);
  });

  it('gets the link by mail, where there is mail, and nobody else does', async () => {
    const who = await owner();
    const { link, mailed } = (await reset(who.id, app)).json().data;
    expect({ link, mailed }).toEqual({ link: null, mailed: true });
    const { payload } = await database.db
      .selectFrom('outbox')
      .where('kind', '=', 'sign-in-link')
      .orderBy('id', 'desc')
      .limit(1)
      .select('payload')
      .executeTakeFirstOrThrow();
    expect(payload).toMatchObject({ email: who.email, by: tenant.corporateAdmin.email });
  });

  it('is not let in by an administrator whom they reach beyond', async () => {
    const who = await owner();
    const grant = { user_id: who.id, role: 'viewer' as const, scope: 'scalr' as const };
    const values = { ...grant, account_id: null, environment_id: null };
    await database.db.insertInto('grants').values(values).execute();
    const admin = await openBrowser(app, database.db, tenant.accountAdmin.email);
    const path = `/account/${tenant.account.accountId}/users/${who.id}/actions/reset-sign-in/`;
    expect((await admin.send('POST', path, {})).statusCode).toBe(403);
    expect((await enter(who.key)).statusCode).toBe(201);
  });

  it('is never the administrator who asks', async () => {
    const { id } = await database.db
      .selectFrom('users')
      .where('email', '=', tenant.corporateAdmin.email)
      .select('id')
      .executeTakeFirstOrThrow();
    expect((await reset(id)).json()).toMatchObject(refused('UnacceptableState', /yourself/));
  });
});

import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passwordLimits } from '../../database/queries/people/sign-ins.ts';
import { type Browser, buildTestApp, openBrowser } from '../../testing/app.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';
import { createKey, sendSigned } from '../../testing/signed-client.ts';

const database = withDatabase();
const good = 'correct horse battery';
let app: FastifyInstance;
let tenant: Tenant;
let addresses = 0;

beforeAll(async () => {
  app = buildTestApp(database.db, { env: { trustProxy: () => true } });
  tenant = await createTenant(database.db);
});
afterAll(() => app.close());

/** An address that nobody has tried from. */
const newAddress = () => `192.0.2.${(addresses += 1)}`;

interface Person {
  id: number;
  email: string;
}

async function person(password?: string): Promise<Person & { browser: Browser }> {
  const email = `${randomName('person')}@example.com`;
  const user = database.db.insertInto('users').values({ email, name: 'Somebody' });
  const { id } = await user.returning('id').executeTakeFirstOrThrow();
  const browser = await openBrowser(app, database.db, email);
  if (password !== undefined) expect((await set(browser, { password })).statusCode).toBe(200);
  return { id, email, browser };
}

const set = (browser: Browser, body: object) => browser.send('POST', '/self/password/', body);

async function signIn(
  email: string,
  password: string,
  from = newAddress(),
  to: FastifyInstance = app,
) {
  return to.inject({
    method: 'POST',
    url: '/api/v1beta0/self/session/password/',
    headers: { host: 'localhost', origin: 'http://localhost', 'x-forwarded-for': from },
    payload: { email, password },
  });
}

const stateOf = async (browser: Browser) =>
  (await browser.send('GET', '/self/password/')).json().data;

/** Lets sessions become so old that they prove nothing more than that they are there. */
const ageSessions = (userId: number) =>
  sql`UPDATE sessions SET created_at = created_at - interval '16 minutes' WHERE user_id = ${userId}`.execute(
    database.db,
  );

describe('a password', () => {
  it('signs in whoever has set it, with the address in any case', async () => {
    const { email } = await person(good);
    const answer = await signIn(email.toUpperCase(), good);
    expect(answer.statusCode).toBe(201);
    expect(answer.json().data.user.email).toBe(email);
    expect(answer.cookies).toMatchObject([{ name: 'slipway', httpOnly: true, sameSite: 'Lax' }]);
  });

  it.each([
    ['of 128 characters', 'a long sentence. '.repeat(8).slice(0, 128)],
    ['in any letters', 'кофе на рассвете ☕🦊'],
  ])('%s is accepted whole', async (_, password) => {
    const { email } = await person(password);
    expect((await signIn(email, password)).statusCode).toBe(201);
    expect((await signIn(email, password.replace(/.$/u, ''))).statusCode).toBe(401);
  });

  it('is the same however a keyboard composes its letters', async () => {
    const { email } = await person('cafe\u0301 au lait');
    expect((await signIn(email, 'caf\u00e9 au lait')).statusCode).toBe(201);
  });

  it.each(['short-1', 'Password2026!', 'Somebody1'])('%s is refused', async (password) => {
    const { browser } = await person();
    const answer = await set(browser, { password });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0]).toMatchObject({ code: 'InvalidValue', field: 'password' });
    expect(await stateOf(browser)).toMatchObject({ isSet: false });
  });

  it('is kept as argon2id of 19 MiB makes it, and nowhere else', async () => {
    const { id, browser } = await person();
    const headers = { 'idempotency-key': 'once' };
    const password = 'seen nowhere but here';
    await browser.send('POST', '/self/password/', { password }, headers);
    const { hash } = await database.db
      .selectFrom('passwords')
      .where('user_id', '=', id)
      .select('hash')
      .executeTakeFirstOrThrow();
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const log = await database.db
      .selectFrom('operations_log')
      .where('operation', '=', 'passwordSet')
      .selectAll()
      .execute();
    expect(log.map(({ object }) => object)).toContain(`user:${id}`);
    expect(JSON.stringify(log)).not.toContain(password);
    // A quick hash of the request would be one of the password.
    const kept = database.db.selectFrom('answered_requests').where('user_id', '=', id);
    expect(await kept.selectAll().execute()).toEqual([]);
  });

  it('is set in the browser alone, not by a program that holds a key', async () => {
    const { email } = await person();
    const key = await createKey(database.db, email);
    const body = { password: good };
    const answer = await sendSigned(app, key, { method: 'POST', path: '/self/password/', body });
    expect(answer.statusCode).toBe(403);
  });
});

describe('changing a password', () => {
  it('takes the present one, unless a link has just let its owner in', async () => {
    const { id, browser } = await person(good);
    await ageSessions(id);
    expect(await stateOf(browser)).toMatchObject({ isSet: true, takes: 'present' });
    const password = 'another one, as long';
    for (const present of [undefined, 'guessed'])
      expect((await set(browser, { password, present })).json().errors[0]).toMatchObject({
        code: 'InvalidValue',
        field: 'present',
      });
    expect((await set(browser, { password, present: good })).statusCode).toBe(200);
    const again = await openBrowser(app, database.db, (await emailOf(id)) ?? '');
    expect(await stateOf(again)).toMatchObject({ takes: 'nothing' });
    expect((await set(again, { password: good })).statusCode).toBe(200);
  });

  it('to the first one takes a sign-in that is fresh', async () => {
    const { id, browser } = await person();
    await ageSessions(id);
    expect(await stateOf(browser)).toMatchObject({ isSet: false, takes: 'sign-in' });
    expect((await set(browser, { password: good })).statusCode).toBe(409);
  });

  it('cannot be tried without end by whoever sits down at an open browser', async () => {
    const { id, browser } = await person(good);
    await ageSessions(id);
    const guess = () => set(browser, { password: 'another one, as long', present: 'guessed' });
    for (let each = 0; each < passwordLimits.ofPair; each += 1)
      expect((await guess()).statusCode).toBe(400);
    expect((await guess()).statusCode).toBe(429);
  });

  it('ends all other sessions and links, and no one else’s', async () => {
    const { id, email, browser } = await person(good);
    const [other, stranger] = [await openBrowser(app, database.db, email), await person()];
    const link = {
      user_id: id,
      token_hash: Buffer.from(email),
      expires_at: new Date('2100-01-01'),
    };
    await database.db.insertInto('sign_in_links').values(link).execute();
    expect((await set(browser, { password: 'another one, as long' })).statusCode).toBe(200);
    expect((await other.send('GET', '/self/session/')).statusCode).toBe(401);
    expect((await browser.send('GET', '/self/session/')).statusCode).toBe(200);
    expect((await stranger.browser.send('GET', '/self/session/')).statusCode).toBe(200);
    const links = database.db.selectFrom('sign_in_links').where('user_id', '=', id);
    expect(await links.selectAll().execute()).toEqual([]);
    expect((await signIn(email, good)).statusCode).toBe(401);
  });

  const emailOf = async (id: number) =>
    (await database.db.selectFrom('users').where('id', '=', id).select('email').executeTakeFirst())
      ?.email;
});

describe('who guesses', () => {
  const errorOf = (answer: { json(): { errors: { message: string }[] } }) => answer.json().errors;

  it('learns nothing of who is there: no user, no password and a wrong one get one answer', async () => {
    const [has, hasNone] = [await person(good), await person()];
    const answers = [
      await signIn(has.email, 'guessed wrongly'),
      await signIn(hasNone.email, 'guessed wrongly'),
      await signIn('nobody@example.com', 'guessed wrongly'),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401]);
    expect(new Set(answers.map((answer) => JSON.stringify(errorOf(answer)))).size).toBe(1);
  });

  it('has as much work done for nobody as for somebody', async () => {
    const tries = Array.from({ length: 60 }, () =>
      signIn(`${randomName('nobody')}@example.com`, 'guessed wrongly', newAddress()),
    );
    const refused = (await Promise.all(tries)).filter(({ statusCode }) => statusCode === 429);
    // Only so many can be checked at once.
    expect(refused.map((answer) => errorOf(answer)[0]?.message)).toContain(
      'Too many passwords are being checked. Try again in 2 s.',
    );
  });

  it('is stopped after some attempts, however many come at once, and the owner elsewhere is not', async () => {
    const { email } = await person(good);
    const attacker = newAddress();
    const statuses: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const tries = Array.from({ length: 10 }, () => signIn(email, 'guessed wrongly', attacker));
      statuses.push(...(await Promise.all(tries)).map(({ statusCode }) => statusCode));
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(passwordLimits.ofPair);
    const refused = await signIn(email, good, attacker);
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900);
    expect((await signIn(email, good)).statusCode).toBe(201);
  });

  it('is stopped at one address, whoever is guessed at', async () => {
    const attacker = newAddress();
    const statuses: number[] = [];
    for (let each = 0; each <= passwordLimits.ofNetwork; each += 1)
      statuses.push((await signIn(`nobody-${each}@example.com`, 'guess', attacker)).statusCode);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  });

  it('is stopped at many addresses, and the owner where they were before is not', async () => {
    const { email } = await person(good);
    const home = newAddress();
    expect((await signIn(email, good, home)).statusCode).toBe(201);
    await sql`
      INSERT INTO sign_ins (way, outcome, email, origin, network)
      SELECT 'password', 'wrong-password', ${email}, n::text, n::text
      FROM generate_series(1, ${passwordLimits.ofAccount}) n`.execute(database.db);
    expect((await signIn(email, 'guessed wrongly')).statusCode).toBe(429);
    expect((await signIn(email, good, home)).statusCode).toBe(201);
  });

  it('starts anew after a quarter of an hour, and whoever was right after a few mistakes at once', async () => {
    const { email } = await person(good);
    const home = newAddress();
    const mistakes = passwordLimits.ofPair - 1;
    for (let round = 0; round < 2; round += 1) {
      for (let each = 0; each < mistakes; each += 1) await signIn(email, 'mistyped', home);
      expect((await signIn(email, good, home)).statusCode).toBe(201);
    }
    for (let each = 0; each <= mistakes; each += 1) await signIn(email, 'mistyped', home);
    expect((await signIn(email, good, home)).statusCode).toBe(429);
    await sql`UPDATE sign_ins SET at = at - interval '15 minutes' WHERE email = ${email}`.execute(
      database.db,
    );
    expect((await signIn(email, good, home)).statusCode).toBe(201);
  });

  it('is in the records, without what was typed', async () => {
    const from = newAddress();
    await signIn('somebody@example.com', 'typed here', from);
    const rows = await database.db
      .selectFrom('sign_ins')
      .where('origin', '=', from)
      .selectAll()
      .execute();
    expect(rows).toMatchObject([
      { way: 'password', outcome: 'wrong-password', email: 'somebody@example.com', user_id: null },
    ]);
    expect(JSON.stringify(rows)).not.toContain('typed here');
  });
});

describe('a suspended user', () => {
  it('is told so with the right password, and like anybody else with a wrong one', async () => {
    const { id, email } = await person(good);
    await database.db.deleteFrom('sessions').where('user_id', '=', id).execute();
    await database.db
      .updateTable('users')
      .set({ status: 'suspended' })
      .where('id', '=', id)
      .execute();
    const answer = await signIn(email, good);
    expect(answer.statusCode).toBe(401);
    expect(answer.json().errors[0].message).toContain('suspended');
    expect((await signIn(email, 'guessed wrongly')).body).not.toContain('suspended');
  });
});

describe('where passwords are switched off', () => {
  it('none is offered, set or accepted', async () => {
    const { email } = await person(good);
    const without = buildTestApp(database.db, { env: { passwords: false } });
    const browser = await openBrowser(without, database.db, tenant.viewer.email);
    const ways = await browser.send('GET', '/self/sign-in-ways/');
    expect(ways.json().data).toMatchObject({ password: false, provider: null });
    expect((await set(browser, { password: good })).statusCode).toBe(409);
    expect((await signIn(email, good, newAddress(), without)).statusCode).toBe(409);
    await without.close();
  });
});

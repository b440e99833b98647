import type { FastifyInstance } from 'fastify';
import type { PasskeyAnswer, PasskeyRequest } from '#contract/people/passkey-forms.ts';
import type { Db } from '../database/connection/connection.ts';
import { type Browser, openBrowser } from './app.ts';
import { Authenticator, type Misdeed } from './authenticator.ts';
import { randomName } from './harness.ts';

export const origin = 'http://localhost';
export const password = 'correct horse battery';

/** Somebody who is signed in. */
interface SignedIn {
  browser: Browser;
}

export interface Person extends SignedIn {
  id: number;
  email: string;
}

/** Somebody new, signed in. */
export async function createPerson(app: FastifyInstance, db: Db): Promise<Person> {
  const email = `${randomName('person')}@example.com`;
  const user = db.insertInto('users').values({ email, name: 'Somebody' });
  const { id } = await user.returning('id').executeTakeFirstOrThrow();
  return { id, email, browser: await openBrowser(app, db, email) };
}

/** Sends what somebody without a session does, from a page of Slipway. */
export function sendSelf(
  app: FastifyInstance,
  path: string,
  body: object,
  headers: Record<string, string> = {},
) {
  return app.inject({
    method: 'POST',
    url: `/api/v1beta0/self${path}`,
    headers: { host: 'localhost', origin, ...headers },
    payload: body,
  });
}

export async function beginAdding({ browser }: SignedIn) {
  return (await browser.send('POST', '/self/passkeys/actions/begin/', {})).json().data;
}

/** Has an authenticator make a passkey for somebody, and adds it. */
export async function addPasskey(
  who: SignedIn,
  key = new Authenticator(origin),
  misdeed: Misdeed = {},
) {
  const made = key.make(await beginAdding(who), misdeed);
  const answer = await who.browser.send('POST', '/self/passkeys/', { name: 'Key', made });
  return { key, made, answer };
}

export type Owner = Person & { key: Authenticator; passkey: number };

/** Somebody with a passkey. */
export async function createOwner(app: FastifyInstance, db: Db): Promise<Owner> {
  const who = await createPerson(app, db);
  const { key, answer } = await addPasskey(who);
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return { ...who, key, passkey: answer.json().data.id };
}

export async function beginSignIn(app: FastifyInstance): Promise<PasskeyRequest> {
  return (await sendSelf(app, '/session/passkey/actions/begin/', {})).json().data;
}

export function signInWith(app: FastifyInstance, passkey: PasskeyAnswer) {
  return sendSelf(app, '/session/passkey/', { passkey });
}

/** Signs in with a passkey alone. */
export async function enterWith(app: FastifyInstance, key: Authenticator, misdeed: Misdeed = {}) {
  return signInWith(app, key.answer(await beginSignIn(app), misdeed));
}

export async function setPassword({ browser }: Person): Promise<void> {
  const answer = await browser.send('POST', '/self/password/', { password });
  if (answer.statusCode !== 200) throw new Error(answer.body);
}

export function setSecondStep({ browser }: SignedIn, on: boolean) {
  return browser.send('POST', '/self/second-step/', { on });
}

export function signInByPassword(app: FastifyInstance, email: string, passkey?: PasskeyAnswer) {
  return sendSelf(app, '/session/password/', { email, password, ...(passkey && { passkey }) });
}

/** What is recorded of somebody's sign-ins, oldest first. */
export async function outcomesOf(db: Db, email: string): Promise<string[]> {
  const rows = await db
    .selectFrom('sign_ins')
    .where('email', '=', email)
    .orderBy('id')
    .select(['way', 'outcome'])
    .execute();
  return rows.map(({ way, outcome }) => `${way}: ${outcome}`);
}

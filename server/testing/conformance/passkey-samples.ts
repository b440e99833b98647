import type { OperationId } from '#contract/operations.ts';
import { creationFor, newChallenge, readMadePasskey, requestFor } from '../../auth/passkeys.ts';
import { hashToken } from '../../auth/sessions.ts';
import {
  fetchKnownPasskeys,
  fetchWays,
  insertChallenge,
  insertPasskey,
} from '../../database/queries/people/passkeys.ts';
import { Authenticator } from '../authenticator.ts';
import type { Place } from './place.ts';

const site = { host: 'localhost', origin: 'http://localhost' };

async function asker({ db, tenant }: Place) {
  return db
    .selectFrom('users')
    .where('email', '=', tenant.corporateAdmin.email)
    .select(['id', 'email', 'name'])
    .executeTakeFirstOrThrow();
}

/** What an authenticator of whoever asks has made for a challenge of theirs. */
async function newPasskeyBody(place: Place) {
  const user = await asker(place);
  const challenge = newChallenge();
  await insertChallenge(place.db, hashToken(challenge), 'add', user.id);
  const known = await fetchKnownPasskeys(place.db, user.id, site.host);
  const key = new Authenticator(site.origin);
  return { name: 'Key', made: key.make(creationFor(site, challenge, { ...user, ...known })) };
}

/** A passkey of whoever asks. @returns its number, and the authenticator that has it */
export async function insertPasskeyOfAsker(place: Place) {
  const user = await asker(place);
  const challenge = newChallenge();
  const { handle } = await fetchKnownPasskeys(place.db, user.id, site.host);
  const key = new Authenticator(site.origin);
  const made = key.make(creationFor(site, challenge, { ...user, handle, passkeys: [] }));
  const read = await readMadePasskey(site, challenge, made);
  const about = { userId: user.id, name: 'Key', host: site.host, transports: ['usb'] };
  const row = read && (await insertPasskey(place.db, { ...read, ...about }));
  if (!row) throw new Error('A passkey was not taken');
  return { id: row.id, key };
}

/** What such a passkey answers to a sign-in that was begun. */
async function passkeySignInBody(place: Place) {
  const { key } = await insertPasskeyOfAsker(place);
  const challenge = newChallenge();
  await insertChallenge(place.db, hashToken(challenge), 'sign-in', undefined);
  return { passkey: key.answer(requestFor(site, challenge, 'required')) };
}

/** The other way round than it is. */
async function secondStepBody(place: Place) {
  await insertPasskeyOfAsker(place);
  const { isChosen } = await fetchWays(place.db, (await asker(place)).id);
  return { on: !isChosen };
}

/** Bodies that take an authenticator. */
export const passkeyBodies: Partial<Record<OperationId, (place: Place) => Promise<object>>> = {
  passkeyCreate: newPasskeyBody,
  secondStepSet: secondStepBody,
  sessionCreateByPasskey: passkeySignInBody,
};

import { ApiError } from '#contract/errors.ts';
import type { NewPasskeyAnswer, PasskeyAnswer } from '#contract/people/passkey-forms.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import { networkOf } from '../../auth/network.ts';
import {
  challengeIn,
  checkAnswer,
  newChallenge,
  readMadePasskey,
  requestFor,
} from '../../auth/passkeys.ts';
import { hashToken } from '../../auth/sessions.ts';
import type { Db } from '../../database/connection/connection.ts';
import {
  fetchKnownPasskeys,
  fetchWays,
  findPasskey,
  insertChallenge,
  takeChallenge,
  notePasskeyUse,
} from '../../database/queries/people/passkeys.ts';
import { recordFailedSignIn } from '../../database/queries/people/sign-ins.ts';
import { decideSecondStep, isCountedBack, type PasskeySite } from '../../domain/people/passkeys.ts';
import type { Context, NewPasskeyProof, PasskeyProof } from '../context.ts';

/** Who asks, before their transaction. */
export interface PasskeyAsking {
  db: Db;
  origin?: string | undefined;
  ways?: SignInWays | undefined;
  site?: PasskeySite | undefined;
}

/** @throws ApiError UnacceptableState where there are no passkeys */
export function demandSite({ ways, site }: Pick<PasskeyAsking, 'ways' | 'site'>): PasskeySite {
  if (ways?.passkey !== false && site) return site;
  throw new ApiError(
    'UnacceptableState',
    site
      ? 'Passkeys are switched off here. Sign in in another way.'
      : 'Browsers know passkeys by host names, over TLS: open Slipway at its name, or at http://localhost on this very machine.',
  );
}

/**
 * Checks that a passkey was used for a challenge of ours, which it uses up whatever comes of it.
 * @param userId whose it has to be, as a second step; anybody's without it
 * @throws ApiError BadAuthentication
 */
export async function provePasskey(
  asking: PasskeyAsking,
  answer: PasskeyAnswer,
  userId?: number,
): Promise<PasskeyProof> {
  const site = demandSite(asking);
  const purpose = userId === undefined ? 'sign-in' : 'second-step';
  const challenge = challengeIn(answer) ?? '';
  const isOurs = await takeChallenge(asking.db, hashToken(challenge), purpose, userId);
  const passkey = await findPasskey(asking.db, answer.id, site.host);
  const fail = async (outcome: string, error = wrongPasskey()) => {
    await recordFailed(asking, outcome, passkey?.email);
    return error;
  };
  if (!isOurs) throw await fail('old-challenge', lateAnswer());
  if (!passkey || passkey.status === 'left') throw await fail('wrong-passkey');
  if (userId !== undefined && passkey.user_id !== userId) throw await fail('wrong-passkey');
  const checked = { answer, passkey, isAlone: userId === undefined };
  const seen = await checkAnswer(site, challenge, checked);
  if (!seen) throw await fail('wrong-passkey');
  const { id, counter: known } = passkey;
  if (isCountedBack(known, seen.counter)) throw await fail('copied-passkey', copied());
  if (passkey.status === 'suspended') throw await fail('suspended', suspended());
  return { id, userId: passkey.user_id, known, ...seen };
}

async function recordFailed({ db, origin = '' }: PasskeyAsking, outcome: string, email?: string) {
  await recordFailedSignIn(db, outcome, {
    way: 'passkey',
    email,
    origin,
    network: networkOf(origin),
  });
}

/**
 * After a password, or a link that somebody has sent themselves: asks for a passkey where one is wanted, and checks
 * the answer.
 * @returns the passkey that was used; undefined where none is asked for
 * @throws ApiError PasskeyRequired with what to ask the browser for; BadAuthentication
 */
export async function takeSecondStep(
  asking: PasskeyAsking,
  user: { id: number; email: string; by: 'password' | 'own-link' },
  answer: PasskeyAnswer | undefined,
): Promise<PasskeyProof | undefined> {
  const { db, ways, site } = asking;
  const { isChosen } = await fetchWays(db, user.id);
  const isDemanded = ways?.passkeyDemanded === true;
  if (!isChosen && !isDemanded) return undefined;
  const known = site ? await fetchKnownPasskeys(db, user.id, site.host) : undefined;
  const passkeys = known?.passkeys ?? [];
  const facts = { by: user.by, isChosen, isDemanded, passkeys: passkeys.length };
  const decision = decideSecondStep(facts);
  if (decision === 'none') return undefined;
  if (decision === 'missing') {
    await recordFailed(asking, 'passkey-missing', user.email);
    throw noPasskey();
  }
  if (answer) return provePasskey(asking, answer, user.id);
  const challenge = newChallenge();
  await insertChallenge(db, hashToken(challenge), 'second-step', user.id);
  throw new ApiError('PasskeyRequired', 'Now use your passkey: it is asked for after this.', {
    passkey: requestFor(demandSite(asking), challenge, 'preferred', passkeys),
  });
}

/** Notes the use of a passkey that was checked. @throws ApiError BadAuthentication where it was used meanwhile, or is gone */
export async function enterWith(ctx: Context, passkey: PasskeyProof): Promise<void> {
  if (!(await notePasskeyUse(ctx.tx, passkey))) throw wrongPasskey();
}

/** Reads a passkey that a browser has made for whoever asks. @throws ApiError InvalidValue, UnacceptableState */
export async function readNewPasskey(
  asking: PasskeyAsking,
  made: NewPasskeyAnswer,
  userId: number,
): Promise<NewPasskeyProof> {
  const site = demandSite(asking);
  const challenge = challengeIn(made) ?? '';
  const isOurs = await takeChallenge(asking.db, hashToken(challenge), 'add', userId);
  const passkey = isOurs ? await readMadePasskey(site, challenge, made) : undefined;
  if (passkey) return { ...passkey, host: site.host, transports: made.transports ?? [] };
  throw new ApiError(
    'InvalidValue',
    isOurs
      ? 'This is no passkey for Slipway at this address. Begin again.'
      : 'This was begun more than 5 minutes ago, is over already, or was begun by somebody else. Begin again.',
    { field: 'made' },
  );
}

/** One text for all that can be wrong. */
function wrongPasskey(): ApiError {
  return new ApiError(
    'BadAuthentication',
    'This passkey does not sign in here. Try another one, or sign in in another way.',
  );
}

function lateAnswer(): ApiError {
  return new ApiError(
    'BadAuthentication',
    'This sign-in was begun more than 5 minutes ago, or is over already. Try again.',
  );
}

function copied(): ApiError {
  return new ApiError(
    'BadAuthentication',
    'This passkey was used elsewhere in the meantime, so there may be a copy of it. Sign in in another way, remove it, and tell an administrator.',
  );
}

function suspended(): ApiError {
  return new ApiError(
    'BadAuthentication',
    'Your user is suspended. Ask an administrator to restore it.',
  );
}

function noPasskey(): ApiError {
  return new ApiError(
    'BadAuthentication',
    'A passkey is asked for as well, and you have none that works at this address. Sign in by a link or a provider and add one under your name, or ask an administrator.',
  );
}

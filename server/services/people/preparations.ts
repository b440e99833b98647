import { ApiError } from '#contract/errors.ts';
import type { OperationId, ServiceInput } from '#contract/operations.ts';
import type { SignInWays } from '#contract/people/sign-in.ts';
import { networkOf } from '../../auth/network.ts';
import { hashPassword, isPassword } from '../../auth/password-hashes.ts';
import { sessionIdOf } from '../../auth/sessions.ts';
import { findOwnLink, isFirstLinkOpen } from '../../auth/sign-in-links.ts';
import { findPassword } from '../../database/queries/people/passwords.ts';
import {
  dropAttempt,
  failAttempt,
  reserveAttempt,
} from '../../database/queries/people/sign-ins.ts';
import { defaultLimits, isFresh, type SessionLimits } from '../../domain/sign-in/sessions.ts';
import { passwordProblem } from '../../domain/people/passwords.ts';
import type { Prepared } from '../context.ts';
import {
  type PasskeyAsking,
  provePasskey,
  readNewPasskey,
  takeSecondStep,
} from './passkey-proofs.ts';

/** Who asks, before anything is looked up for them. */
interface Asking extends PasskeyAsking {
  credential?: string | undefined;
  sessions?: SessionLimits | undefined;
  caller: { kind: string; userId?: number; confirmedAt?: Date };
}

/** What is done for an operation before its transaction. */
export type Preparation<Id extends OperationId> = (
  asking: Asking,
  input: ServiceInput<Id>,
) => Promise<Prepared>;

/** Of the operations that take passwords and passkeys: docs/domain.md, "Signing in". */
export const preparations: { [Id in OperationId]?: Preparation<Id> } = {
  sessionCreateByPassword: async (asking, { body }) => {
    demandPasswords(asking.ways);
    const email = body.email.toLowerCase();
    const rightly = await comparePassword(asking, email, body.password);
    if (!rightly) throw wrongPassword();
    const user = { id: rightly.userId, email, by: 'password' } as const;
    return { rightly, passkey: await takeSecondStep(asking, user, body.passkey) };
  },

  sessionCreate: async (asking, { body }) => {
    const link = await findOwnLink(asking.db, body.token);
    if (!link) return {};
    const user = { ...link, by: 'own-link' } as const;
    return { passkey: await takeSecondStep(asking, user, body.passkey) };
  },

  sessionCreateByPasskey: async (asking, { body }) => ({
    passkey: await provePasskey(asking, body.passkey),
  }),

  passkeyCreate: async (asking, { body }) => {
    // Who asks is checked in the transaction: an API key may not, and who has to confirm first needs the challenge yet.
    const { userId, confirmedAt } = asking.caller;
    const isBrowser = sessionIdOf(asking.credential ?? '') !== undefined;
    if (userId === undefined || !isBrowser) return {};
    if (!isFresh(confirmedAt, new Date(), asking.sessions ?? defaultLimits)) return {};
    return { newPasskey: await readNewPasskey(asking, body.made, userId) };
  },

  passwordSet: async (asking, { body }) => {
    demandPasswords(asking.ways);
    const { userId } = asking.caller;
    const user = userId === undefined ? undefined : await findPassword(asking.db, { userId });
    // Who asks is checked in the transaction.
    if (!user) return {};
    demandGood(body.password, [user.email, user.name]);
    const given =
      user.hash === null || body.present === undefined
        ? {}
        : await comparePresent(asking, user.email, body.present);
    return { ...given, hash: given.isWrong ? undefined : await hashPassword(body.password) };
  },

  firstAdministratorCreate: async (asking, { body }) => {
    if (body.password === undefined) return {};
    demandPasswords(asking.ways);
    demandGood(body.password, [body.email, body.name]);
    // Nobody who only guesses has anything hashed.
    if (!(await isFirstLinkOpen(asking.db, body.token))) return {};
    return { hash: await hashPassword(body.password) };
  },
};

async function comparePresent(asking: Asking, email: string, password: string): Promise<Prepared> {
  const rightly = await comparePassword(asking, email, password);
  return rightly ? { rightly } : { isWrong: true };
}

/**
 * Compares a password with what is kept of it, within the limits of its account and of the network that it came
 * from. It takes the same time for an address that nobody has.
 * @returns undefined for one that is wrong
 * @throws ApiError LimitExceeded; BadAuthentication for a suspended user who gave the right one
 */
async function comparePassword(
  { db, origin = '' }: Asking,
  email: string,
  password: string,
): Promise<Prepared['rightly']> {
  const attempt = await reserveAttempt(db, { email, origin, network: networkOf(origin) });
  if ('retryAfterSeconds' in attempt) throw tooOften(attempt.retryAfterSeconds);
  const user = await findPassword(db, { email });
  const isRight = await isPassword(password, user?.hash ?? undefined).catch(async (error) => {
    await dropAttempt(db, attempt.id);
    throw error;
  });
  if (!user?.hash || !isRight || user.status === 'left') {
    await failAttempt(db, attempt.id, 'wrong-password');
    return undefined;
  }
  if (user.status === 'suspended') {
    await failAttempt(db, attempt.id, 'suspended');
    throw new ApiError(
      'BadAuthentication',
      'Your user is suspended. Ask an administrator to restore it.',
    );
  }
  await dropAttempt(db, attempt.id);
  return { userId: user.user_id, hash: user.hash };
}

/** @throws ApiError UnacceptableState */
function demandPasswords(ways: SignInWays | undefined): void {
  if (ways && !ways.password)
    throw new ApiError(
      'UnacceptableState',
      'Passwords are switched off here. Sign in in another way.',
    );
}

/** @throws ApiError InvalidValue */
function demandGood(password: string, own: readonly string[]): void {
  const problem = passwordProblem(password, own);
  if (problem)
    throw new ApiError('InvalidValue', `The password ${problem}.`, { field: 'password' });
}

/** One text for all that can be wrong, so that nobody learns who has a user or a password. */
export function wrongPassword(): ApiError {
  return new ApiError(
    'BadAuthentication',
    'The e-mail address or the password is wrong. Try again, or have a sign-in link sent or made for you.',
  );
}

function tooOften(retryAfterSeconds: number): ApiError {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  return new ApiError(
    'LimitExceeded',
    `The password was wrong too often. Try again in ${minutes} min, or sign in by a link.`,
    { retryAfterSeconds },
  );
}

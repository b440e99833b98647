import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/browser';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '#contract/errors.ts';
import type {
  NewPasskeyAnswer,
  PasskeyAnswer,
  PasskeyCreation,
  PasskeyRequest,
} from '#contract/people/passkey-forms.ts';
import type { Passkey } from '#contract/people/passkeys.ts';

import { loadCode } from '../../util/code.ts';

import { call } from '../client.ts';
import { objectQuery, operationQuery, settle, useOperation } from '../query.ts';

/** The passkeys of the one who is signed in, oldest first. */
export const passkeyListQuery = operationQuery('passkeyList', 'self', {});

/** Whether a password takes a passkey as well. */
export const secondStepQuery = objectQuery('secondStepGet', 'self', {});

// Who has no passkey never needs it.
const load = () => loadCode(() => import('@simplewebauthn/browser'));

/** What browsers say when somebody gives up, or waits for too long. */
const givenUp = ['NotAllowedError', 'AbortError'];

function refused(error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError')
    return new Error('This device has a passkey for you here already. Use another one.');
  if (givenUp.includes(name))
    return new Error('The browser gave no passkey: it was cancelled, or took too long. Try again.');
  return new Error('The browser cannot use passkeys here. Try another browser or another way.');
}

async function ask<Answer>(wanted: () => Promise<Answer>): Promise<Answer> {
  try {
    return await wanted();
  } catch (error) {
    throw refused(error);
  }
}

/** Has the browser use a passkey. @throws Error with a sentence for people */
export async function answerWithPasskey(request: PasskeyRequest): Promise<PasskeyAnswer> {
  const { startAuthentication } = await load();
  const answer: AuthenticationResponseJSON = await ask(() =>
    startAuthentication({ optionsJSON: request as never }),
  );
  const { clientDataJSON, authenticatorData, signature, userHandle } = answer.response;
  return {
    id: answer.id,
    clientDataJSON,
    authenticatorData,
    signature,
    ...(userHandle === undefined || userHandle === '' ? {} : { userHandle }),
  };
}

async function makePasskey(wanted: PasskeyCreation): Promise<NewPasskeyAnswer> {
  const { startRegistration } = await load();
  const made: RegistrationResponseJSON = await ask(() =>
    startRegistration({ optionsJSON: wanted as never }),
  );
  const { clientDataJSON, attestationObject, transports } = made.response;
  return {
    id: made.id,
    clientDataJSON,
    attestationObject,
    ...(transports === undefined ? {} : { transports }),
  };
}

/**
 * Sends what signs somebody in, and where a passkey is asked for after it, once more with that.
 * @throws ApiError; Error with a sentence where the browser gave none
 */
export async function withSecondStep<Answer>(
  send: (passkey?: PasskeyAnswer) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const request = error instanceof ApiError ? error.details.passkey : undefined;
    if (request === undefined) throw error;
    return send(await answerWithPasskey(request));
  }
}

/** Signs in with a passkey alone. @throws ApiError; Error with a sentence where the browser gave none */
export async function enterByPasskey() {
  const { data: request } = await call('passkeySignInBegin', 'self', { body: {} });
  const passkey = await answerWithPasskey(request);
  return call('sessionCreateByPasskey', 'self', { body: { passkey } });
}

/** Has the browser make a passkey, and keeps it: `mutate(name)`. */
export function useAddPasskey() {
  const client = useQueryClient();
  return useMutation<Passkey, Error, string>({
    mutationKey: ['passkeyCreate'],
    mutationFn: async (name) => {
      const { data: wanted } = await call('passkeyBegin', 'self', { body: {} });
      const made = await makePasskey(wanted);
      return (await call('passkeyCreate', 'self', { body: { name, made } })).data;
    },
    onSuccess: () => settle(client, ['passkeyCreate']),
  });
}

/** Renames one: `mutate(change({ params: { passkeyId }, body: { name }, ifMatch }))`. */
export function useRenamePasskey() {
  return useOperation('passkeyUpdate', 'self');
}

/** Removes one: `mutate(change({ params: { passkeyId }, ifMatch }))`. */
export function useRemovePasskey() {
  return useOperation('passkeyDelete', 'self');
}

/** Has a passkey asked for after the password, or no longer: `mutate(change({ body: { on } }))`. */
export function useSetSecondStep() {
  return useOperation('secondStepSet', 'self');
}

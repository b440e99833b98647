import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Session } from '#contract/organisation/scopes.ts';

import { basePath } from '../../util/base-path.ts';
import { withSearch } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { call } from '../client.ts';
import { enterByPasskey, withSecondStep } from './passkeys.ts';
import { objectQuery, operationQuery, useOperation } from '../query.ts';
import { operationUrl } from '../request.ts';
import type { Input } from '../request.ts';
import { enterSession } from '../session.ts';

/** Which ways there are to sign in. */
export const signInWaysQuery = objectQuery('signInWaysGet', 'self', {});

/** Whether there is a password, and what changing it takes. */
export const passwordQuery = objectQuery('passwordGet', 'self', {});

/** Where the browser is sent to sign in by the provider, and comes back from to the page that was wanted. */
export function providerUrl(next: string | undefined): string {
  return basePath + withSearch('/api/oidc/start', { next });
}

/** Where the browser is sent to sign out at the provider. */
export const providerSignOutUrl = `${basePath}/api/oidc/sign-out`;

/** Signs in: `mutate(body)`. */
function useEntry<Body>(enter: (body: Body) => Promise<{ data: Session }>) {
  const client = useQueryClient();
  return useMutation<Session, Error, Body>({
    // As by a link: what is refused says nothing about the session that there may be.
    mutationKey: ['sessionCreate'],
    mutationFn: async (body) => (await enter(body)).data,
    onSuccess: (session) => enterSession(client, session),
  });
}

/** Signs in by redeeming a one-time link, with a passkey where one is asked for: `mutate(token)`. */
export function useSignIn() {
  return useEntry(async (token: string) =>
    withSecondStep((passkey) =>
      call('sessionCreate', 'self', { body: { token, ...(passkey && { passkey }) } }),
    ),
  );
}

/** Signs in with a password, and a passkey where one is asked for: `mutate({ email, password })`. */
export function usePasswordSignIn() {
  return useEntry(async (body: Input<'sessionCreateByPassword'>['body']) =>
    withSecondStep((passkey) =>
      call('sessionCreateByPassword', 'self', { body: { ...body, ...(passkey && { passkey }) } }),
    ),
  );
}

/** Signs in with a passkey alone: `mutate()`. */
export function usePasskeySignIn() {
  return useEntry<void>(enterByPasskey);
}

/** Makes the first administrator and signs in as them: `mutate({ token, name, email, password })`. */
export function useCreateFirstAdministrator() {
  return useEntry(async (body: Input<'firstAdministratorCreate'>['body']) =>
    call('firstAdministratorCreate', 'self', { body }),
  );
}

/** Has a link sent by mail: `mutate(change({ body: { email } }))`. */
export function useSendLink() {
  return useOperation('signInLinkSend', 'self');
}

/** Sets a password: `mutate(change({ body: { password, present } }))`. */
export function useSetPassword() {
  return useOperation('passwordSet', 'self');
}

export type SignInRecordListInput = NonNullable<Input<'signInRecordList'>['query']>;

/** A page of who signed in and who failed to, of those whom a scope's administrators answer for. */
export function signInRecordListQuery(at: PathScope, query: SignInRecordListInput = {}) {
  return operationQuery('signInRecordList', at, { query });
}

/** The list as CSV, whole and in its order. */
export function signInRecordExportUrl(
  at: PathScope,
  query: NonNullable<Input<'signInRecordExport'>['query']>,
): string {
  return operationUrl('signInRecordExport', at, { query });
}

/** One's own, and what failed with one's address. */
export const ownSignInListQuery = operationQuery('ownSignInList', 'self', {});

/** What one wants to be told of, oldest first. */
export const subscriptionListQuery = operationQuery('subscriptionList', 'self', {});

/** Asks to be told: `mutate(change({ body }))`. Its answer has what a webhook's requests are signed with. */
export function useAddSubscription() {
  return useOperation('subscriptionCreate', 'self');
}

/** Pauses it or goes on: `mutate(change({ params: { subscriptionId }, body, ifMatch }))`. */
export function useUpdateSubscription() {
  return useOperation('subscriptionUpdate', 'self');
}

/** Removes it: `mutate(change({ params: { subscriptionId }, ifMatch }))`. */
export function useRemoveSubscription() {
  return useOperation('subscriptionDelete', 'self');
}

/** Ends it with the token of a mail's link: `mutate(change({ body: { token } }))`. */
export function useEndSubscription() {
  return useOperation('subscriptionEnd', 'self');
}

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError } from '#contract/errors.ts';
import type { Session } from '#contract/organisation/scopes.ts';

import { call } from './client.ts';

/** Whether an error means that nobody is signed in (any more). */
export function isSignedOutError(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'BadAuthentication';
}

/**
 * Who is signed in, with which rights; null when nobody is. Any answer 401 sets it to null
 * (query-client.ts), and the frame then shows the sign-in page.
 */
export const sessionQuery = queryOptions<Session | null>({
  queryKey: ['sessionGet'],
  queryFn: async ({ signal }) => {
    try {
      return (await call('sessionGet', 'self', {}, signal)).data;
    } catch (error) {
      if (isSignedOutError(error)) return null;
      throw error;
    }
  },
  // Somebody may sign in in another tab: the sign-in page notices when it is looked at again.
  staleTime: (query) => (query.state.data ? 60_000 : 0),
});

/** Drops what was read on behalf of somebody else. For when no page is shown that needs it. */
function forgetOthers(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] });
}

/** Forgets everything that was read, once nobody is signed in any more. For the sign-in page. */
export function useForgetWhenSignedOut(session: Session | null | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (session === null) forgetOthers(client);
  }, [client, session]);
}

/**
 * Makes somebody the one who is signed in. Whatever was asked before is called off first: its answer
 * would still say that nobody is.
 */
export async function enterSession(client: QueryClient, session: Session): Promise<void> {
  await client.cancelQueries();
  forgetOthers(client);
  client.setQueryData(sessionQuery.queryKey, session);
}

/** Signs in by redeeming a one-time link: `mutate(token)`. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation<Session, Error, string>({
    mutationKey: ['sessionCreate'],
    mutationFn: async (token) => (await call('sessionCreate', 'self', { body: { token } })).data,
    onSuccess: (session) => enterSession(client, session),
  });
}

/** Signs out here; the frame then leads to the sign-in page. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation<void, Error, void>({
    mutationKey: ['sessionDelete'],
    mutationFn: async () => {
      await call('sessionDelete', 'self', {});
    },
    onSuccess: () => {
      client.setQueryData(sessionQuery.queryKey, null);
    },
  });
}

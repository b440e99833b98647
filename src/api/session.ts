import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '#contract/errors.ts';
import type { Session } from '#contract/scopes.ts';

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
  staleTime: 60_000,
});

/** Signs in by redeeming a one-time link: `mutate(token)`. Nothing of another user stays in the cache. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation<Session, Error, string>({
    mutationKey: ['sessionCreate'],
    mutationFn: async (token) => (await call('sessionCreate', 'self', { body: { token } })).data,
    onSuccess: (session) => {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'sessionGet' });
      client.setQueryData(sessionQuery.queryKey, session);
    },
  });
}

/** Signs out here; nothing that was read stays in the cache. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation<void, Error, void>({
    mutationKey: ['sessionDelete'],
    mutationFn: async () => {
      await call('sessionDelete', 'self', {});
    },
    onSuccess: () => {
      client.setQueryData(sessionQuery.queryKey, null);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'sessionGet' });
    },
  });
}

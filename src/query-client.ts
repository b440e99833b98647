import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import type { FetchQueryOptions, Query, QueryKey } from '@tanstack/react-query';

import { isSignedOutError, sessionQuery } from './api/session.ts';
import { isServerAway, onConnection } from './util/connection.ts';

/** Errors that asking again cannot change: the caller must change something first. */
function isFinal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('status' in error)) return false;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 && status !== 429;
}

/** A session that has ended is noticed by whatever asked next; the frame shows the sign-in page. */
function noticeSignOut(error: unknown): void {
  if (isSignedOutError(error)) queryClient.setQueryData(sessionQuery.queryKey, null);
}

/**
 * The one cache. Data counts as fresh for 10 s; after that a mounted page refreshes silently on focus.
 * Loaders use it before any component renders, so it lives outside React.
 */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignOut }),
  mutationCache: new MutationCache({
    onError: (error, _input, _result, mutation) => {
      // A refused link says nothing about the session that there may be.
      if (mutation.options.mutationKey?.[0] !== 'sessionCreate') noticeSignOut(error);
    },
  }),
  defaultOptions: {
    queries: {
      // A server on the same device needs no network.
      networkMode: 'always',
      staleTime: 10_000,
      retry: (failures, error) => !isFinal(error) && failures < 2,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

/** What is on the screen and could not be read is read again once the server is back. */
onConnection(() => {
  if (isServerAway()) return;
  const predicate = (query: Query) => query.state.status === 'error';
  void queryClient.refetchQueries({ type: 'active', predicate });
});

/** Asks ahead of time; whoever needs the answer asks again, and then says what is wrong. */
export function ask<Data, Key extends QueryKey>(
  query: FetchQueryOptions<Data, Error, Data, Key>,
): void {
  void queryClient.prefetchQuery(query);
}

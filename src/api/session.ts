import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Mutation, QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from '#contract/errors.ts';
import type { Session } from '#contract/organisation/scopes.ts';

import { basePath } from '../util/base-path.ts';

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

/**
 * The session, or the one that has just ended: a form that was typed into stays as it is while somebody
 * signs in again.
 */
export function useKnownSession(): Session | null | undefined {
  const { data } = useQuery(sessionQuery);
  const [known, setKnown] = useState(data);
  if (data && data !== known) setKnown(data);
  return data ?? known;
}

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

/** Who is signed in now, by id, or null: told by the tab that it was done in to all others of this browser. */
type Turn = number | null;

/** They share one cookie; where another Slipway is served below another path, it is not theirs. */
const otherTabs = new BroadcastChannel(`slipway-session ${basePath}`);

/** Says who is signed in now to all other tabs, which may still show what somebody else may see. */
export function tellOtherTabs(turn: Turn): void {
  otherTabs.postMessage(turn);
}

/**
 * Notices that another tab signed in or out. The same user again: this tab goes on, with all that is
 * typed in it. Somebody else: it shows what only the one before may see, and starts anew.
 */
export function followOtherTabs(client: QueryClient): void {
  let known: Turn = client.getQueryData(sessionQuery.queryKey)?.user.id ?? null;
  client.getQueryCache().subscribe(() => {
    known = client.getQueryData(sessionQuery.queryKey)?.user.id ?? known;
  });
  otherTabs.addEventListener('message', ({ data }: MessageEvent<Turn>) => {
    if (data !== null && known !== null && data !== known) window.location.reload();
    else void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  });
}

/**
 * Makes somebody the one who is signed in. Whatever was asked before is called off first: its answer
 * would still say that nobody is.
 */
export async function enterSession(client: QueryClient, session: Session): Promise<void> {
  await client.cancelQueries();
  forgetOthers(client);
  client.setQueryData(sessionQuery.queryKey, session);
  tellOtherTabs(session.user.id);
}

/** Whether nobody is signed in because somebody just signed out here, rather than that a session ended. */
export function isSigningOut(client: QueryClient): boolean {
  const predicate = ({ state }: Mutation) => state.status !== 'error';
  return (
    client.getMutationCache().find({ mutationKey: ['sessionDelete'], predicate }) !== undefined
  );
}

/** Signs out here; the frame then leads to the sign-in page. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation<void, Error, void>({
    mutationKey: ['sessionDelete'],
    // Gone with the menu that asked for it: isSigningOut is about now.
    gcTime: 0,
    mutationFn: async () => {
      await call('sessionDelete', 'self', {});
    },
    onSuccess: () => {
      client.setQueryData(sessionQuery.queryKey, null);
      tellOtherTabs(null);
    },
  });
}

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'react-router';
import type { Session } from '#contract/organisation/scopes.ts';

import { isSigningOut } from '../api/session.ts';
import { signInPath } from '../util/paths.ts';

/** Whether there is something on the page that somebody may have typed into. */
function isFormOpen(): boolean {
  return document.querySelector('[role="dialog"] form, main form') !== null;
}

/**
 * Whether the page stays although its session has ended: there is a form on it, and who typed into it can
 * sign in again. `leave` gives it up.
 */
export function useKeptForm(session: Session | null | undefined) {
  const client = useQueryClient();
  const { pathname } = useLocation();
  const [before, setBefore] = useState(session);
  const [isKept, setKept] = useState(false);
  if (session !== before) {
    setBefore(session);
    const hasEnded = session === null && !isSigningOut(client);
    setKept(hasEnded && pathname !== signInPath && isFormOpen());
  }
  return { isKept, leave: () => setKept(false) };
}

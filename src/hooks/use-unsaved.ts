import { useEffect, useId } from 'react';
import type { Location } from 'react-router';

import { signInPath } from '../util/paths.ts';

type Place = Pick<Location, 'pathname' | 'search'>;

/** Where each form is that holds something that is nowhere else. */
const unsaved = new Map<string, 'dialog' | 'page'>();

/**
 * Asks before a form is left (layouts/LeaveGuard.tsx), for as long as it holds something unsaved: see
 * isUnsaved.
 * @param where a dialog is left when it closes, a page when another takes its place
 */
export function useUnsaved(isDirty: boolean, where: 'dialog' | 'page' = 'dialog'): void {
  const id = useId();
  useEffect(() => {
    if (!isDirty) return undefined;
    unsaved.set(id, where);
    return () => {
      unsaved.delete(id);
    };
  }, [id, isDirty, where]);
}

/** Whether what is in a form is still to be sent: it differs from what was there, and is not sent yet. */
export function isUnsaved(
  isDirty: boolean,
  { isPending, isSuccess }: { isPending: boolean; isSuccess: boolean },
): boolean {
  return isDirty && !isPending && !isSuccess;
}

export function hasUnsaved(): boolean {
  return unsaved.size > 0;
}

function dialogOf({ search }: Place): string {
  const params = new URLSearchParams(search);
  return `${params.get('dialog')} ${params.get('on')}`;
}

/** Whether a way leads out of a form that holds something unsaved. */
export function leavesUnsaved({
  currentLocation: here,
  nextLocation: next,
}: {
  currentLocation: Place;
  nextLocation: Place;
}): boolean {
  // Nobody is signed in any more: nothing can be saved, and whoever could was asked before.
  if (next.pathname === signInPath) return false;
  const isOtherPage = here.pathname !== next.pathname;
  const isOtherDialog = isOtherPage || dialogOf(here) !== dialogOf(next);
  return [...unsaved.values()].some((where) => (where === 'page' ? isOtherPage : isOtherDialog));
}

import { useEffect, useSyncExternalStore } from 'react';

import { useLatest } from './use-latest.ts';

/** Something that can be done on the page that is shown. */
export interface PageAction {
  id: string;
  label: string;
  onSelect?: (() => void) | undefined;
  to?: string | undefined;
  /** Why not, where it cannot be done. */
  disabledReason?: string | undefined;
}

type Offer = () => readonly PageAction[];

// One page is shown at a time.
let offered: Offer | undefined;
const listeners = new Set<() => void>();

function offer(next: Offer | undefined): void {
  offered = next;
  for (const listener of listeners) listener();
}

/** Tells the command palette what can be done on this page, for as long as it is shown. */
export function useOfferActions(actions: Offer): void {
  const latest = useLatest(actions);
  useEffect(() => {
    offer(latest);
    return () => {
      if (offered === latest) offer(undefined);
    };
  }, [latest]);
}

/** What can be done on the page that is shown. */
export function useOfferedActions(): readonly PageAction[] {
  const current = useSyncExternalStore(
    (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    () => offered,
  );
  return current?.() ?? [];
}

import { useEffect, useSyncExternalStore } from 'react';

/** Why the object of the page that is shown cannot be read any more; undefined while it can. */
let reason: Error | undefined;
const listeners = new Set<() => void>();

function set(next: Error | undefined): void {
  reason = next;
  for (const listener of listeners) listener();
}

/** Tells that the object of a page is gone or out of reach, though the page still shows it, for as long as it does. */
export function useTellLost(error: Error | undefined): void {
  useEffect(() => {
    if (error === undefined) return undefined;
    set(error);
    return () => set(undefined);
  }, [error]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @returns what the server says of the object of the page that is shown, once it is gone */
export function useLostObject(): Error | undefined {
  return useSyncExternalStore(subscribe, () => reason);
}

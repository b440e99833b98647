import { useId, useLayoutEffect, useSyncExternalStore } from 'react';

let open: readonly string[] = [];
const listeners = new Set<() => void>();

function change(next: readonly string[]): void {
  open = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether this dialog is the one in front, which Esc is for: each is in front of those that opened before. */
export function useIsInFront(): boolean {
  const id = useId();
  // At once when one closes: the next Esc is for the one behind it.
  useLayoutEffect(() => {
    change([...open, id]);
    return () => change(open.filter((one) => one !== id));
  }, [id]);
  return useSyncExternalStore(subscribe, () => (open.at(-1) ?? id) === id);
}

import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';

// Narrower than this, lines wrap: only what stands in them knows how high they are.
const wideEnoughPx = 1200;
let isPainted = window.innerWidth < wideEnoughPx;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** To be called once what the first visit is about has been rendered. Returns how to call that off. */
export function showTheRestSoon(): () => void {
  let timer: number | undefined;
  const frame = requestAnimationFrame(() => {
    // After the paint of this frame.
    timer = window.setTimeout(() => {
      isPainted = true;
      for (const listener of listeners) listener();
    });
  });
  return () => {
    cancelAnimationFrame(frame);
    window.clearTimeout(timer);
  };
}

/**
 * What can be missing from the very first painting of the application. Measured on a processor four times
 * slower: the rows of the first list take 1.02 s of work instead of 1.26 s. The place must be kept free by
 * what is around it; where that cannot be, `isNow`.
 */
export function Soon({ children, isNow = false }: { children: ReactNode; isNow?: boolean }) {
  const isShown = useSyncExternalStore(subscribe, () => isPainted);
  return isShown || isNow ? children : null;
}

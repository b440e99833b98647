import { useEffect } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/** How far down each step of the history was left, in pixels, by its key. */
const left = new Map<string, number>();

/** Whoever scrolls by themselves wants to be elsewhere. */
const ofPeople = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/**
 * Back and Forward show a page where it was left, also where its rows come a moment after it: the
 * router's own ScrollRestoration, which starts new pages at the top, tries once and finds no room yet.
 */
export function useScrollBack(): void {
  const { key } = useLocation();
  const isBack = useNavigationType() === 'POP';
  useEffect(() => {
    const wanted = isBack ? (left.get(key) ?? 0) : 0;
    const over = new AbortController();
    const note = () => left.set(key, window.scrollY);
    const goOn = () => {
      growth.disconnect();
      window.addEventListener('scroll', note, { passive: true, signal: over.signal });
    };
    const tryIt = () => {
      window.scrollTo(window.scrollX, wanted);
      // Parts of pixels differ.
      if (window.scrollY >= wanted - 1) goOn();
    };
    const growth = new ResizeObserver(tryIt);
    if (wanted === 0) goOn();
    else growth.observe(document.body);
    for (const event of ofPeople) {
      window.addEventListener(event, goOn, { passive: true, once: true, signal: over.signal });
    }
    return () => {
      over.abort();
      growth.disconnect();
    };
  }, [key, isBack]);
}

import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';

type Load = () => Promise<unknown>;

const quietMs = 1500;
const waiting: Load[] = [];
let isStarted = false;

// Safari has no idle callback.
const whenIdle: (task: () => void) => void =
  typeof requestIdleCallback === 'function'
    ? (task) => requestIdleCallback(task, { timeout: 5000 })
    : (task) => setTimeout(task, 200);

/** One after the other, so that what the user does meanwhile is never behind more than one. */
function fetchNext(): void {
  const load = waiting.shift();
  if (load === undefined) {
    isStarted = false;
    return;
  }
  // Whoever needs it asks again, and then says what is wrong.
  void load()
    .catch(() => undefined)
    .then(() => whenIdle(fetchNext));
}

/** Fetches a module once the page has nothing better to do, so that it is there when it is wanted. */
export function fetchWhenIdle(load: Load): void {
  waiting.push(load);
  if (isStarted) return;
  isStarted = true;
  setTimeout(() => whenIdle(fetchNext), quietMs);
}

/**
 * A component of which the first page can do without: fetched when it is first shown, or before that
 * when the page is idle. Declare it outside of components.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  fetchWhenIdle(load);
  return lazy(async () => ({ default: await load() }));
}

import { createElement, lazy, useState } from 'react';
import type { ComponentType } from 'react';

type Load = () => Promise<unknown>;

const quietMs = 2000;
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
 * when the page is idle. Needs a Suspense around it. Declare it outside of components.
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  const fetchPart = async () => {
    loaded = await load();
    return { default: loaded };
  };
  const Waiting = lazy(fetchPart);
  fetchWhenIdle(fetchPart);
  // What is there is shown at once: React keeps what it once waited for back for 300 ms.
  return function Part(props: Props) {
    const [Shown] = useState(() => loaded ?? Waiting);
    return createElement(Shown, props);
  };
}

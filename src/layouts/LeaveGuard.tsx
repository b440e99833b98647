import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { useBeforeUnload, useBlocker, useLocation } from 'react-router';

import { keyOfHistory, onHistoryStep } from '../util/history-place.ts';
import { hasUnsaved, leavesUnsaved } from '../hooks/use-unsaved.ts';
import { lazyPart } from '../util/lazy-part.ts';

export const LeaveQuestion = lazyPart(
  async () => (await import('./LeaveQuestion.tsx')).LeaveQuestion,
);

function keepTab(event: BeforeUnloadEvent): void {
  if (hasUnsaved()) event.preventDefault();
}

const longestMs = 5_000;

/**
 * Whether the browser is back where the page is, so that nobody answers, and steps on, amid its way there: what it does
 * then with two steps at once is not defined. One that never comes back has the question all the same.
 */
function useIsInPlace(isBlocked: boolean): boolean {
  const { key } = useLocation();
  const isThere = useSyncExternalStore(onHistoryStep, () => keyOfHistory() === key);
  const [isLate, setLate] = useState(false);
  const isAwaited = isBlocked && !isThere;
  useEffect(() => {
    if (!isAwaited) return undefined;
    const timer = setTimeout(() => setLate(true), longestMs);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isAwaited]);
  return isThere || isLate;
}

/**
 * Asks before a form with something unsaved is left, whichever way: dialogs are part of the address, so
 * closing one is a step like any other. The browser itself asks before the tab is closed.
 */
export function LeaveGuard() {
  const blocker = useBlocker(leavesUnsaved);
  useBeforeUnload(keepTab);
  const isBlocked = blocker.state === 'blocked';
  const isInPlace = useIsInPlace(isBlocked);
  if (!isBlocked || !isInPlace) return null;
  return (
    <Suspense>
      <LeaveQuestion onLeave={() => blocker.proceed()} onStay={() => blocker.reset()} />
    </Suspense>
  );
}

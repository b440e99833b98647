import { Suspense } from 'react';
import { useBeforeUnload, useBlocker } from 'react-router';

import { hasUnsaved, leavesUnsaved } from '../hooks/use-unsaved.ts';
import { lazyPart } from '../util/lazy-part.ts';

export const LeaveQuestion = lazyPart(
  async () => (await import('./LeaveQuestion.tsx')).LeaveQuestion,
);

function keepTab(event: BeforeUnloadEvent): void {
  if (hasUnsaved()) event.preventDefault();
}

/**
 * Asks before a form with something unsaved is left, whichever way: dialogs are part of the address, so
 * closing one is a step like any other. The browser itself asks before the tab is closed.
 */
export function LeaveGuard() {
  const blocker = useBlocker(leavesUnsaved);
  useBeforeUnload(keepTab);
  if (blocker.state !== 'blocked') return null;
  return (
    <Suspense>
      <LeaveQuestion onLeave={() => blocker.proceed()} onStay={() => blocker.reset()} />
    </Suspense>
  );
}

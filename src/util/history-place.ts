/**
 * The key of the step where the browser's history stands. It is that of the page's location, but for the moment that
 * the browser takes to go forward again after a step back that was not to be.
 */
export function keyOfHistory(): string {
  const state = window.history.state as { key?: string } | null;
  return state?.key ?? 'default';
}

/** Calls on each step that the browser takes through its history. @returns what ends that */
export function onHistoryStep(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

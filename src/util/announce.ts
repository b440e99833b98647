/** A sentence about what has happened, shown for a few seconds. */
export interface Toast {
  id: number;
  message: string;
  tone: 'info' | 'danger';
}

const limit = 3;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says in a sentence what has happened, for a few seconds and to screen readers as well. */
export function announce(message: string, tone: Toast['tone'] = 'info'): void {
  lastId += 1;
  change([...toasts, { id: lastId, message, tone }].slice(-limit));
}

/** Takes a toast away; one that has gone already is no error. */
export function dismissToast(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** What is shown now, oldest first; the same array until something changes. */
export function currentToasts(): readonly Toast[] {
  return toasts;
}

/** Calls the listener after each change; gives back how to stop. */
export function onToastsChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

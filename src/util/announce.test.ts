import { afterEach, describe, expect, it, vi } from 'vitest';

import { announce, currentToasts, dismissToast, onToastsChange } from './announce.ts';

afterEach(() => {
  for (const toast of currentToasts()) dismissToast(toast.id);
});

describe('announce', () => {
  it('keeps the latest three, so that a burst never covers the page', () => {
    for (const message of ['a', 'b', 'c', 'd']) announce(message);
    expect(currentToasts().map((toast) => toast.message)).toEqual(['b', 'c', 'd']);
  });

  it('tells who listens, and nobody afterwards', () => {
    const listener = vi.fn<() => void>();
    const stop = onToastsChange(listener);
    announce('a', 'danger');
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    announce('b');
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('takes away only the one that was dismissed', () => {
    announce('a');
    announce('b');
    const [first] = currentToasts();
    dismissToast(first?.id ?? 0);
    expect(currentToasts().map((toast) => toast.message)).toEqual(['b']);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { isServerAway, onConnection, probeWith, untilServerIsThere } from './connection.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', new EventTarget());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a server that does not answer', () => {
  it('is asked for again until it is there, by one who asks for all', async () => {
    const answers = [false, false, true];
    const probe = vi.fn(() => Promise.resolve(answers.shift() ?? true));
    probeWith(probe);
    const seen: boolean[] = [];
    const stop = onConnection(() => seen.push(isServerAway()));
    const all = Promise.all([untilServerIsThere(), untilServerIsThere()]);
    await vi.runAllTimersAsync();
    await all;
    stop();
    expect(probe).toHaveBeenCalledTimes(3);
    expect(seen).toEqual([true, false]);
  });

  it('is asked for at once when the device is connected again', async () => {
    const answers = [false, true];
    probeWith(() => Promise.resolve(answers.shift() ?? true));
    const back = untilServerIsThere();
    await vi.advanceTimersByTimeAsync(0);
    expect(isServerAway()).toBe(true);
    window.dispatchEvent(new Event('online'));
    await back;
    expect(isServerAway()).toBe(false);
  });

  it('is not called away for one request that failed', async () => {
    probeWith(() => Promise.resolve(true));
    const listener = vi.fn();
    const stop = onConnection(listener);
    await untilServerIsThere();
    stop();
    expect(listener).not.toHaveBeenCalled();
  });
});

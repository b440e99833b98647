import { setTimeout as sleep } from 'node:timers/promises';

export interface PassOptions {
  /** How long it rests between two passes. */
  everyMs?: number;
  /** Told what went wrong inside Slipway itself; it goes on. */
  onError?: (error: unknown) => void;
  /** Told after each pass that did not fail. */
  onRun?: () => void;
}

/**
 * Does the same again and again, with a rest in between, until it is stopped.
 * @param pass is told when it is to end early, and where to tell what went wrong in a part of it
 */
export function startPasses(
  pass: (told: { onError: (error: unknown) => void; signal: AbortSignal }) => Promise<void>,
  { everyMs = 1_000, onError = () => undefined, onRun }: PassOptions,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await pass({ onError, signal }).then(onRun, onError);
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

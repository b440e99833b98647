import { setTimeout as sleep } from 'node:timers/promises';
import { forgetOldAnswers } from '../database/queries/records/answered-requests.ts';
import type { Db } from '../database/connection/connection.ts';

const everyMs = 600_000;

interface Options {
  onError: (error: unknown) => void;
  /** Told each time it has looked for work without failing. */
  onRun: () => void;
}

/** Forgets, every ten minutes, the answers that were kept for repeats for a day. */
export function startForgettingAnswers(
  db: Db,
  { onError, onRun }: Options,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await forgetOldAnswers(db).then(onRun, onError);
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

import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresProcess } from './postgres-process.ts';

const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** How PostgreSQL is started, and who hears of it. */
export interface Supervised {
  /** Runs it until it accepts connections. @param onRun told of the process as soon as there is one */
  start: (onRun: (process: PostgresProcess) => void) => Promise<unknown>;
  /** It ended although nobody stopped it, or did not start again; it will be tried again. */
  onLost: (reason: string) => void;
  /** After that it accepts connections again, and is watched over. */
  onBack: () => void;
}

/**
 * Starts PostgreSQL and, whenever it ends although nobody stopped it, starts it again: at once, then
 * after twice as long each time, at most 10 s.
 * @returns what stops it for good
 * @throws what the first start throws
 */
export async function supervise({
  start,
  onLost,
  onBack,
}: Supervised): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: PostgresProcess | undefined;
  let restarting: Promise<void> = Promise.resolve();

  const run = async () => {
    await start((process) => (current = process));
    const reason = current?.ended();
    if (reason !== undefined) throw new Error(reason);
    current?.child.once('exit', () => {
      if (!signal.aborted) restarting = restart(current?.ended() ?? 'for an unknown reason');
    });
  };
  const restart = async (firstReason: string) => {
    let reason = firstReason;
    for (let pauseMs = SHORTEST_PAUSE_MS; !signal.aborted; pauseMs *= 2) {
      onLost(reason);
      await sleep(Math.min(pauseMs, LONGEST_PAUSE_MS), undefined, { signal }).catch(
        () => undefined,
      );
      if (signal.aborted) return;
      try {
        await run();
        return onBack();
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
    }
  };

  await run();
  return async () => {
    stopping.abort();
    await current?.stop();
    await restarting;
    // It may have been started in between.
    await current?.stop();
  };
}

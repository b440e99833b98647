import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../database/connection/connection.ts';
import {
  endFinishedRollouts,
  findRolloutFarms,
} from '../database/queries/rollouts/rollout-steps.ts';
import { performFleetStep } from '../fleet-step.ts';
import { stepRollout } from '../services/rollouts/step-rollout.ts';

const actor = 'system:rollouts';

export interface RolloutLoopOptions {
  /** How long it rests between two passes. */
  everyMs?: number;
  /** Told what went wrong inside Slipway itself; it goes on with the next farm. */
  onError?: (error: unknown) => void;
  /** Told after each pass. */
  onRun?: () => void;
}

/**
 * Carries rollouts out: docs/domain.md, "Rollouts". All that it knows is in the database, and each step is a
 * transaction under the lock of its farm, so it may die at any moment, and two that run at once do nothing twice.
 */
export function startRollouts(
  db: Db,
  { everyMs = 1_000, onError = () => undefined, onRun }: RolloutLoopOptions = {},
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await rollOut(db, { onError, signal }).then(onRun, onError);
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

/** One pass over all rollouts. */
export async function rollOut(
  db: Db,
  { onError, signal }: { onError: (error: unknown) => void; signal?: AbortSignal },
): Promise<void> {
  for (const of of await findRolloutFarms(db)) {
    if (signal?.aborted === true) return;
    await performFleetStep(db, { actor, farmId: of.farm_id }, (ctx) => stepRollout(ctx, of)).catch(
      onError,
    );
  }
  await endFinishedRollouts(db);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../database/connection/connection.ts';
import { findUnbalancedFarms } from '../database/queries/farms/keeping.ts';
import { queueForgottenSteps } from '../database/queries/farms/server-steps.ts';
import { performFleetStep } from '../fleet-step.ts';
import { keepFarm } from '../services/farms/keep-farm.ts';

const actor = 'system:keeper';

export interface KeeperOptions {
  /** How long it rests between two passes. */
  everyMs?: number;
  /** Told what went wrong inside Slipway itself; it goes on with the next farm. */
  onError?: (error: unknown) => void;
  /** Told after each pass. */
  onRun?: () => void;
}

/**
 * Holds the farm roles of running farms between their minimum and their maximum: docs/domain.md, "What is
 * kept". Each farm is looked at again under its own lock, so two that run at once do nothing twice.
 */
export function startKeeper(
  db: Db,
  { everyMs = 2_000, onError = () => undefined, onRun }: KeeperOptions = {},
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await keepFarms(db, { onError, signal }).then(onRun, onError);
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

/** One pass over all farms. */
export async function keepFarms(
  db: Db,
  { onError, signal }: { onError: (error: unknown) => void; signal?: AbortSignal },
): Promise<void> {
  await queueForgottenSteps(db);
  for (const farmId of await findUnbalancedFarms(db)) {
    if (signal?.aborted === true) return;
    await performFleetStep(db, { actor, farmId }, (ctx) => keepFarm(ctx, farmId)).catch(onError);
  }
}

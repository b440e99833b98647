import type { Db } from '../database/connection/connection.ts';
import { findUnbalancedFarms } from '../database/queries/farms/keeping.ts';
import { queueForgottenSteps } from '../database/queries/farms/server-steps.ts';
import { performFleetStep } from '../fleet-step.ts';
import { keepFarm } from '../services/farms/keep-farm.ts';
import { type PassOptions, startPasses } from './passes.ts';

const actor = 'system:keeper';

/**
 * Holds the farm roles of running farms between their minimum and their maximum: docs/domain.md, "What is
 * kept". Each farm is looked at again under its own lock, so two that run at once do nothing twice.
 */
export function startKeeper(db: Db, options: PassOptions = {}): { stop(): Promise<void> } {
  return startPasses((told) => keepFarms(db, told), { everyMs: 2_000, ...options });
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

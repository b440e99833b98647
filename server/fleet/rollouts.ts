import type { Db } from '../database/connection/connection.ts';
import {
  endFinishedRollouts,
  findRolloutFarms,
} from '../database/queries/rollouts/rollout-steps.ts';
import { performFleetStep } from '../fleet-step.ts';
import { stepRollout } from '../services/rollouts/step-rollout.ts';
import { type PassOptions, startPasses } from './passes.ts';

const actor = 'system:rollouts';

/**
 * Carries rollouts out: docs/domain.md, "Rollouts". All that it knows is in the database, and each step is a
 * transaction under the lock of its farm, so it may die at any moment, and two that run at once do nothing twice.
 */
export function startRollouts(db: Db, options: PassOptions = {}): { stop(): Promise<void> } {
  return startPasses((told) => rollOut(db, told), options);
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

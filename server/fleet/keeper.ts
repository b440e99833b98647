import type { Db } from '../database/connection/connection.ts';
import { findUnbalancedFarms } from '../database/queries/farms/keeping.ts';
import { queueForgottenSteps } from '../database/queries/farms/server-steps.ts';
import { fetchSight, type Head } from '../database/queries/records/moved.ts';
import { performFleetStep } from '../fleet-step.ts';
import { keepFarm } from '../services/farms/keep-farm.ts';
import { type PassOptions, startPasses } from './passes.ts';

const actor = 'system:keeper';

/** How far each account had moved when its farms were last looked at, so that a pass takes those that moved since. */
export class KeptAccounts {
  readonly #wholeEveryMs: number;
  readonly #marks = new Map<number | null, string>();
  #wholeAt = -Infinity;

  constructor({ wholeEveryMs = 60_000 } = {}) {
    this.#wholeEveryMs = wholeEveryMs;
  }

  /**
   * Which accounts are to be looked at: all of them when Corporate moved, and from time to time whatever moved, since
   * rows may be changed by hand, without a word.
   */
  select(heads: readonly Head[]): number[] | 'all' {
    const now = performance.now();
    const isDue = now - this.#wholeAt >= this.#wholeEveryMs;
    if (isDue) this.#wholeAt = now;
    const moved = heads.filter((head) => this.#marks.get(head.accountId) !== markOf(head));
    for (const head of moved) this.#marks.set(head.accountId, markOf(head));
    const accounts = moved.flatMap(({ accountId }) => accountId ?? []);
    return isDue || accounts.length < moved.length ? 'all' : accounts;
  }

  /** Has accounts looked at again, as when something went wrong; without one, all. */
  forget(accountId?: number): void {
    if (accountId === undefined) this.#wholeAt = -Infinity;
    else this.#marks.delete(accountId);
  }
}

const markOf = ({ revision, fleet }: Head) => `${revision}.${fleet}`;

/**
 * Holds the farm roles of running farms between their minimum and their maximum: docs/domain.md, "What is
 * kept". Each farm is looked at again under its own lock, so two that run at once do nothing twice.
 */
export function startKeeper(db: Db, options: PassOptions = {}): { stop(): Promise<void> } {
  const kept = new KeptAccounts();
  return startPasses((told) => keepFarms(db, told, kept), { everyMs: 2_000, ...options });
}

/**
 * One pass over the farms of the accounts that moved, and over those whose wait after a setback is over.
 * @param kept what the passes before have seen; nothing yet, unless it is given
 */
export async function keepFarms(
  db: Db,
  { onError, signal }: { onError: (error: unknown) => void; signal?: AbortSignal },
  kept = new KeptAccounts(),
): Promise<void> {
  // Looked at before the farms are: what changes in between is seen by the next pass.
  const accounts = kept.select((await fetchSight(db)).heads);
  try {
    if (accounts.length > 0) await queueForgottenSteps(db);
    for (const { farmId, accountId } of await findUnbalancedFarms(db, accounts)) {
      if (signal?.aborted === true) return;
      await performFleetStep(db, { actor, farmId }, (ctx) => keepFarm(ctx, farmId)).catch(
        (error: unknown) => {
          kept.forget(accountId);
          onError(error);
        },
      );
    }
  } catch (error) {
    kept.forget();
    throw error;
  }
}

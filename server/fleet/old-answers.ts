import { keepBurnDown } from '../database/queries/farms/burn-down-points.ts';
import { pruneRecords } from '../database/queries/people/pruning.ts';
import { forgetOldAnswers } from '../database/queries/records/answered-requests.ts';
import type { Db } from '../database/connection/connection.ts';
import { startPasses } from './passes.ts';

const everyMs = 600_000;

interface Options {
  onError: (error: unknown) => void;
  keepDays: number;
  /** Told each time it has looked for work without failing. */
  onRun: () => void;
}

/**
 * Forgets, every ten minutes, the answers that were kept for repeats for a day, and after `keepDays` who was
 * refused what, and sessions and links that have ended; puts old points of burn-downs together.
 */
export function startForgettingAnswers(
  db: Db,
  { onError, onRun, keepDays }: Options,
): { stop(): Promise<void> } {
  const forget = async () => {
    await forgetOldAnswers(db);
    await pruneRecords(db, keepDays);
    await keepBurnDown(db);
  };
  return startPasses(forget, { everyMs, onError, onRun });
}

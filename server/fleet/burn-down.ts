import type { Db } from '../database/connection/connection.ts';
import { countBurnDown } from '../database/queries/farms/burn-down-points.ts';
import { type PassOptions, startPasses } from './passes.ts';

/** Counts servers on old images over time, every ten seconds where anything changed: docs/domain.md, "Burn-down". */
export function startBurnDown(db: Db, options: PassOptions = {}): { stop(): Promise<void> } {
  return startPasses(async () => void (await countBurnDown(db)), {
    everyMs: 10_000,
    ...options,
  });
}

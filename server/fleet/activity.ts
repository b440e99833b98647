import type { Db } from '../database/connection/connection.ts';
import { followLate } from '../database/queries/records/late-following.ts';
import { type PassOptions, startPasses } from './passes.ts';

/** Lists changes of very many objects in Activity, half a second after they were made: docs/domain.md, "Activity". */
export function startActivity(db: Db, options: PassOptions = {}): { stop(): Promise<void> } {
  return startPasses(async () => void (await followLate(db)), { everyMs: 500, ...options });
}

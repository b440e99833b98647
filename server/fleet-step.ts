import type { Db } from './database/connection/connection.ts';
import { retryConflicts } from './database/connection/errors.ts';
import { takeFarmLock } from './database/connection/locks.ts';
import type { FleetContext } from './services/context.ts';

/**
 * The unit of work of the fleet: what servers go through by themselves, or by a loop, in one transaction that
 * holds their farm alone, and keeps everybody from changing the account meanwhile.
 * @throws what the step throws
 */
export async function performFleetStep<T>(
  db: Db,
  { actor, farmId }: { actor: FleetContext['actor']; farmId: number },
  step: (ctx: FleetContext) => Promise<T>,
): Promise<T> {
  return retryConflicts(async () =>
    db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (tx) => {
        const now = await takeFarmLock(tx, farmId);
        return step({ tx, actor, now });
      }),
  );
}

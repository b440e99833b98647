import { openDatabase } from '../../database/connection/connection.ts';
import type { Seal } from '../../database/connection/seal.ts';
import { cutLog } from '../../database/records/cut-log.ts';
import { noteBegin } from '../../database/records/ensure-begun.ts';
import { readHeadsFile } from '../../database/records/heads-file.ts';
import { startPasses } from '../passes.ts';

const dayMs = 86_400_000;

interface Options {
  /** As the owner of the tables, who alone may delete entries. */
  ownerUrl: string;
  /** How long records are kept; with 0 nothing is ever deleted. */
  days: number;
  seal: Seal | undefined;
  /** Where heads are noted. */
  file: string | undefined;
  onError: (error: unknown) => void;
}

/**
 * Deletes records that are older than they are kept, once at the start and then once a day: docs/operations.md,
 * "Records". Without a key for secrets none are, since nobody could sign for it.
 */
export function startCuttingRecords(options: Options): { stop(): Promise<void> } {
  const { days, seal, onError } = options;
  if (days === 0 || !seal) return { stop: async () => undefined };
  return startPasses(() => cutOld(options, seal), { everyMs: dayMs, onError });
}

/** @throws Error where records do not fit what is there, so that none were deleted */
async function cutOld({ ownerUrl, days, file }: Options, seal: Seal): Promise<void> {
  const db = openDatabase(ownerUrl, { maxConnections: 1, limited: false });
  try {
    const before = new Date(Date.now() - days * dayMs);
    const noted = await readHeadsFile(file, seal);
    const outcome = await cutLog(db, seal, { before, by: 'system:keep-records', noted });
    if ('problems' in outcome)
      throw new Error(
        'Old records were not deleted, since records do not fit what is there: see npm run -s slipway -- doctor.',
      );
    if (outcome.begin) await noteBegin(file, seal, outcome.begin);
  } finally {
    await db.destroy();
  }
}

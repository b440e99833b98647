import type { BackupKey } from '../database/backup/key.ts';
import { keepBackup, listBackups } from '../database/backup/shelf.ts';
import { type PassOptions, startPasses } from './passes.ts';

const hourMs = 3_600_000;
const lookEveryMs = 60_000;
/** A whole database is read each time: what failed is not tried again at once. */
const restAfterFailureMs = 900_000;

/** Where backups go, and how often. */
export interface BackupPlan {
  /** As the owner of the tables. */
  databaseUrl: string;
  folder: string;
  everyHours: number;
  keepDays: number;
  key: BackupKey | undefined;
  /** Of Slipway, for the head of the archive. */
  version: string;
}

/**
 * Adds a backup to a folder whenever the newest one there is old enough, whoever made that, and deletes those that
 * are too old (docs/operations.md, "Backup and restore").
 */
export function startBackups(
  plan: BackupPlan,
  { onError = () => undefined, onRun, everyMs = lookEveryMs }: PassOptions,
): { stop(): Promise<void> } {
  const { databaseUrl, folder, everyHours, keepDays: days, key, version } = plan;
  let notBefore = 0;
  const pass = async ({ signal }: { signal: AbortSignal }) => {
    const now = new Date();
    if (now.getTime() < notBefore) return;
    try {
      const [newest] = await listBackups(folder);
      const age = newest ? now.getTime() - newest.at.getTime() : Infinity;
      if (age < everyHours * hourMs) return;
      await keepBackup(databaseUrl, { folder, days, key, version, now, signal });
    } catch (error) {
      if (signal.aborted) return;
      notBefore = now.getTime() + restAfterFailureMs;
      throw error;
    }
  };
  return startPasses(pass, { everyMs, onError, ...(onRun && { onRun }) });
}

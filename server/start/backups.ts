import { readBackupKey } from '../database/backup/key.ts';
import { listBackups, prepareShelf } from '../database/backup/shelf.ts';
import type { Env } from '../env.ts';
import type { BackupPlan } from '../fleet/backups.ts';
import { version } from '../version.ts';

/**
 * Where this process puts backups by itself.
 * @param databaseUrl as the owner of the tables
 * @returns undefined where it makes none
 * @throws StartError when the folder cannot be used, or there is no key in the file that is named
 */
export async function planBackups(
  { backups, backupKeyFile }: Env,
  databaseUrl: string,
  warn: (line: string) => void,
): Promise<BackupPlan | undefined> {
  if (!backups) return undefined;
  await prepareShelf(backups.folder);
  const key = backupKeyFile === undefined ? undefined : await readBackupKey(backupKeyFile);
  if (!key)
    warn(
      `Backups in ${backups.folder} are not encrypted: whoever reads them reads everything. Set BACKUP_KEY_FILE.`,
    );
  return { ...backups, databaseUrl, key, version };
}

/** When the newest backup was begun; undefined where there is none, or nobody can say. */
export async function lastBackup(plan: BackupPlan | undefined): Promise<Date | undefined> {
  const found = plan && (await listBackups(plan.folder).catch(() => []));
  return found?.[0]?.at;
}

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { verifyArchive } from '../database/backup/archive.ts';
import { backUpDatabase } from '../database/backup/back-up.ts';
import { type BackupKey, readBackupKey } from '../database/backup/key.ts';
import { restoreDataFolder } from '../database/backup/restore-folder.ts';
import { StartError } from '../database/embedded/start-error.ts';
import type { Env } from '../env.ts';
import { version } from '../version.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { noteRestored } from './records.ts';

/** The key that a command names, or else the settings; undefined where neither does. @throws StartError */
export async function openBackupKey(file: string | undefined): Promise<BackupKey | undefined> {
  return file === undefined ? undefined : readBackupKey(file);
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Writes everything to a file, also while the server runs. */
export async function backUp(
  { databaseUrl }: Pick<CommandContext, 'databaseUrl'>,
  file: string,
  key?: BackupKey,
): Promise<Answer> {
  if (existsSync(file))
    throw new StartError(
      `${file} exists already. Choose another name: a backup overwrites nothing.`,
    );
  await backUpDatabase(databaseUrl, file, version, { key });
  const { size } = await stat(file);
  return {
    text: `Backed up to ${file} (${megabytes(size)}${key ? ', encrypted' : ''}), and read back without a fault.`,
    json: { file, bytes: size, encrypted: key !== undefined },
  };
}

/** Puts a backup in place of the embedded database, which must not be running. */
export async function restore(env: Env, file: string, key?: BackupKey): Promise<Answer> {
  if (env.databaseUrl !== undefined)
    throw new StartError(
      'restore writes the embedded database only. Unset DATABASE_URL; for a PostgreSQL of your own use pg_dump and pg_restore.',
    );
  await verifyArchive(file, key);
  const options = { key, onProgress: (line: string) => console.error(line) };
  const { rows, previous } = await restoreDataFolder(env.dataFolder, file, options);
  await noteRestored(env);
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const kept = previous === undefined ? '' : ` What was there before is in ${previous}.`;
  return {
    text: `Restored ${total} rows of ${Object.keys(rows).length} tables from ${file}.${kept}`,
    json: { rows, previous },
  };
}

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { verifyArchive } from '../database/backup/archive.ts';
import { backUpDatabase } from '../database/backup/back-up.ts';
import { restoreDataFolder } from '../database/backup/restore-folder.ts';
import { StartError } from '../database/embedded/start-error.ts';
import type { Env } from '../env.ts';
import { version } from '../version.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { noteRestored } from './records.ts';

/** Writes everything to a file, also while the server runs. */
export async function backUp({ databaseUrl }: CommandContext, file: string): Promise<Answer> {
  if (existsSync(file))
    throw new StartError(
      `${file} exists already. Choose another name: a backup overwrites nothing.`,
    );
  await backUpDatabase(databaseUrl, file, version);
  const { size } = await stat(file);
  return {
    text: `Backed up to ${file} (${(size / 1e6).toFixed(1)} MB), and read back without a fault.`,
    json: { file, bytes: size },
  };
}

/** Puts a backup in place of the embedded database, which must not be running. */
export async function restore(env: Env, file: string): Promise<Answer> {
  if (env.databaseUrl !== undefined)
    throw new StartError(
      'restore writes the embedded database only. Unset DATABASE_URL; for a PostgreSQL of your own use pg_dump and pg_restore.',
    );
  await verifyArchive(file);
  const { rows, previous } = await restoreDataFolder(env.dataFolder, file, (line) =>
    console.error(line),
  );
  await noteRestored(env);
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const kept = previous === undefined ? '' : ` What was there before is in ${previous}.`;
  return {
    text: `Restored ${total} rows of ${Object.keys(rows).length} tables from ${file}.${kept}`,
    json: { rows, previous },
  };
}

import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withClient } from '../connection/client.ts';
import { claimDataFolder, giveToFolderOwner } from '../embedded/data-folder.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import {
  markComplete,
  restoringFolder,
  settleInterruptedRestore,
} from '../embedded/interrupted-restore.ts';
import { StartError } from '../embedded/start-error.ts';
import { migrateDatabase, NewerDatabaseError } from '../migrate.ts';
import { readArchive } from './archive.ts';
import type { Frame } from './frames.ts';
import type { BackupKey } from './key.ts';
import { restoreRows } from './restore.ts';

export interface Restored {
  /** Rows by table. */
  rows: Record<string, number>;
  /** Where the database that was there before has been put aside. */
  previous: string | undefined;
}

/**
 * Builds a new database from a verified backup beside the one in a data folder, and puts it in its
 * place when it is complete. What was there is put aside, not deleted.
 * @throws StartError when a server uses the folder, or the backup cannot be restored; then nothing was changed; NewerDatabaseError for the backup of a newer Slipway
 */
export async function restoreDataFolder(
  path: string,
  archive: string,
  {
    onProgress = () => undefined,
    key,
  }: { onProgress?: (line: string) => void; key?: BackupKey | undefined } = {},
): Promise<Restored> {
  const folder = await claimDataFolder(path, 'command');
  const aside = restoringFolder(folder.path);
  try {
    await settleInterruptedRestore(folder.path, onProgress);
    await mkdir(aside, { mode: 0o700 });
    await giveToFolderOwner(folder.path, aside);
    const rows = await build(aside, archive, key).catch(sayWhyNot(archive));
    await markComplete(folder.path);
    const previous = await putInPlace(folder.path, aside);
    return { rows, previous };
  } finally {
    await rm(aside, { recursive: true, force: true });
    await folder.release();
  }
}

/** Whatever is wrong with a backup, or with the disk, is told in a sentence. */
function sayWhyNot(archive: string) {
  return (error: unknown): never => {
    if (error instanceof StartError || error instanceof NewerDatabaseError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The backup ${archive} cannot be restored (${reason.replace(/\.$/, '')}). Nothing was changed.`,
      { cause: error },
    );
  };
}

async function build(
  path: string,
  archive: string,
  key: BackupKey | undefined,
): Promise<Record<string, number>> {
  const folder = await claimDataFolder(path, 'command');
  try {
    const database = await startEmbedded(folder);
    try {
      return await fill(database.url, readArchive(archive, key));
    } finally {
      await database.stop();
    }
  } finally {
    await folder.release();
  }
}

async function fill(url: string, frames: AsyncGenerator<Frame>): Promise<Record<string, number>> {
  const first = await frames.next();
  if (first.done === true || first.value.kind !== 'header')
    throw new Error('The backup has no header.');
  await migrateDatabase(url, first.value.value.migrations);
  return withClient(url, (client) => restoreRows(client, frames));
}

async function putInPlace(folder: string, aside: string): Promise<string | undefined> {
  const cluster = join(folder, 'postgres');
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const previous = join(folder, `postgres.before-restore-${stamp}`);
  const hadOne = existsSync(cluster);
  if (hadOne) await rename(cluster, previous);
  await rename(join(aside, 'postgres'), cluster);
  return hadOne ? previous : undefined;
}

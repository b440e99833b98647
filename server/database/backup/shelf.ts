import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../embedded/start-error.ts';
import type { WriteOptions } from './archive.ts';
import { backUpDatabase } from './back-up.ts';
import { makeFolder } from '../embedded/make-folder.ts';

// A folder of backups, each named by the moment that it was begun.

const dayMs = 86_400_000;
const nameForm = /^slipway-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.backup(?:\.age)?$/;
const draftForm = /^slipway-.*\.backup(?:\.age)?\.partial-\d+$/;

export interface KeptBackup {
  file: string;
  at: Date;
  bytes: number;
}

/**
 * The backups in a folder, the newest first. What has another name is none.
 * @throws StartError when the folder cannot be read
 */
export async function listBackups(folder: string): Promise<KeptBackup[]> {
  const found: KeptBackup[] = [];
  for (const name of await namesIn(folder)) {
    const [, ...parts] = nameForm.exec(name) ?? [];
    if (parts.length === 0) continue;
    const [year, month, day, hour, minute, second] = parts;
    const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    const file = join(folder, name);
    // Another process may be deleting it.
    const size = await stat(file).catch(() => undefined);
    if (size?.isFile() === true) found.push({ file, at, bytes: size.size });
  }
  return found.toSorted((a, b) => b.at.getTime() - a.at.getTime());
}

interface KeepOptions extends WriteOptions {
  folder: string;
  days: number;
  /** Of Slipway, for the head of the archive. */
  version: string;
  now?: Date;
}

/**
 * Adds a backup to a folder, and deletes those that are older than `days`.
 * @param databaseUrl as the owner of the tables
 * @returns the new one, and the files that were deleted
 * @throws StartError when the folder or its disk does not take it; then nothing is deleted
 */
export async function keepBackup(
  databaseUrl: string,
  { folder, days, version, now = new Date(), ...options }: KeepOptions,
): Promise<{ file: string; bytes: number; deleted: string[] }> {
  await prepareShelf(folder);
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const file = join(folder, `slipway-${stamp}.backup${options.key ? '.age' : ''}`);
  await backUpDatabase(databaseUrl, file, version, options);
  const old = (await listBackups(folder)).filter(
    ({ at }) => now.getTime() - at.getTime() > days * dayMs,
  );
  const lost = await abandonedDrafts(folder, now);
  const deleted = [...old.map((one) => one.file), ...lost];
  for (const one of deleted) await rm(one, { force: true });
  return { file, bytes: (await stat(file)).size, deleted };
}

/** Makes the folder where it is not there yet. @throws StartError when that is not possible */
export async function prepareShelf(folder: string): Promise<void> {
  await makeFolder(folder, 0o700).catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`The folder for backups cannot be made: ${folder} (${error.code}).`, {
      cause: error,
    });
  });
}

/** What a process left that was killed while it wrote. None takes a day. */
async function abandonedDrafts(folder: string, now: Date): Promise<string[]> {
  const drafts = (await namesIn(folder)).filter((name) => draftForm.test(name));
  const lost: string[] = [];
  for (const name of drafts) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && now.getTime() - found.mtimeMs > dayMs) lost.push(join(folder, name));
  }
  return lost;
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`The folder of backups cannot be read: ${folder} (${error.code}).`, {
      cause: error,
    });
  });
}

import type { BackupKey } from '../database/backup/key.ts';
import { keepBackup, listBackups } from '../database/backup/shelf.ts';
import { version } from '../version.ts';
import { megabytes } from './backup.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

/** Adds a backup to a folder, and deletes those that are older than `days`. */
export async function keepOne(
  { databaseUrl }: Pick<CommandContext, 'databaseUrl'>,
  { folder, days, key }: { folder: string; days: number; key: BackupKey | undefined },
): Promise<Answer> {
  const kept = await keepBackup(databaseUrl, { folder, days, key, version });
  const { file, bytes, deleted } = kept;
  const lines = [
    `Backed up to ${file} (${megabytes(bytes)}${key ? ', encrypted' : ''}), and read back without a fault.`,
    ...deleted.map((one) => `Deleted ${one}.`),
  ];
  return { text: lines.join('\n'), json: { ...kept, encrypted: key !== undefined } };
}

export async function printBackups(folder: string): Promise<Answer> {
  const found = await listBackups(folder);
  const lines = found.map(
    ({ file, at, bytes }) => `${at.toISOString()}  ${megabytes(bytes).padStart(10)}  ${file}`,
  );
  return {
    text: lines.length === 0 ? `There is no backup in ${folder}.` : lines.join('\n'),
    json: found,
  };
}

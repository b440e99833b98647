import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countUnopenedKeys } from '../auth/secrets-key.ts';
import { verifyArchive } from '../database/backup/archive.ts';
import type { BackupKey } from '../database/backup/key.ts';
import { restoreDataFolder } from '../database/backup/restore-folder.ts';
import { listBackups } from '../database/backup/shelf.ts';
import { StartError } from '../database/embedded/start-error.ts';
import type { Env } from '../env.ts';
import { megabytes } from './backup.ts';
import { type CommandContext, withCommandDatabase } from './database.ts';
import { runDoctor } from './doctor.ts';
import type { Answer } from './output.ts';

const hourMs = 3_600_000;

/**
 * Restores the newest backup of a folder into a database of its own, lets the doctor look at it, and takes it away.
 * Nothing of Slipway's own database is touched.
 * @throws StartError when there is none, or it cannot be restored
 */
export async function drill(env: Env, folder: string, key?: BackupKey): Promise<Answer> {
  const [newest] = await listBackups(folder);
  if (!newest) throw new StartError(`There is no backup in ${folder}.`);
  const begunAt = Date.now();
  const place = await mkdtemp(join(tmpdir(), 'slipway-drill-'));
  try {
    await verifyArchive(newest.file, key);
    const { rows } = await restoreDataFolder(place, newest.file, { key });
    const restoredAfterMs = Date.now() - begunAt;
    const found = await withCommandDatabase(settingsFor(env, place), false, examine);
    const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
    const tables = Object.keys(rows).length;
    const hoursOld = (begunAt - newest.at.getTime()) / hourMs;
    const seconds = restoredAfterMs / 1_000;
    const text = [
      `Restored ${newest.file} (${megabytes(newest.bytes)}, ${hoursOld.toFixed(1)} hours old): ${total} rows of ${tables} tables in ${seconds.toFixed(1)} s.`,
      found.doctor.text,
      ...found.words,
      'The restored database is gone again.',
    ];
    return {
      text: text.join('\n'),
      json: { ...newest, hoursOld, rows, seconds, keys: found.keys, doctor: found.doctor.json },
      exitCode: found.doctor.exitCode ?? 0,
    };
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The embedded database in a folder, with the key for secrets that the real one has. */
function settingsFor(env: Env, dataFolder: string): Env {
  const own = join(env.dataFolder, 'secrets.key');
  return {
    ...env,
    dataFolder,
    databaseUrl: undefined,
    databaseOwnerUrl: undefined,
    secretsKeyFile: env.secretsKeyFile ?? (existsSync(own) ? own : undefined),
  };
}

async function examine(context: CommandContext) {
  const doctor = await runDoctor(context);
  const keys = await countUnopenedKeys(context.db, await context.readSecrets());
  const opened = `The key for secrets opens ${keys.total - keys.unopened} of ${keys.total} API keys.`;
  return { doctor, keys, words: keys.total === 0 ? [] : [opened] };
}

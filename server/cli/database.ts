import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretBox } from '../auth/secret-box.ts';
import { openSecretBox, readSecretBox } from '../auth/secrets-key.ts';
import { type Db, openDatabase, poolOf } from '../database/connection/connection.ts';
import { FolderInUseError, readHolder } from '../database/embedded/data-folder.ts';
import { restoringFolder } from '../database/embedded/interrupted-restore.ts';
import { migrateToLatest } from '../database/migrate.ts';
import { type Noted, nothingNoted, readHeadsFile } from '../database/records/heads-file.ts';
import { findRole, grantRights } from '../database/rights.ts';
import { StartError } from '../database/embedded/start-error.ts';
import type { Env } from '../env.ts';
import { addressOf } from '../listen.ts';
import { type ProvidedDatabase, provideDatabase } from '../provide-database.ts';

const SERVER_START_MS = 60_000;

export interface CommandContext {
  db: Db;
  databaseUrl: string;
  /** The role that the server works as; perhaps the owner. */
  appRole: string;
  /** It is the owner: one role does everything. */
  isOwner: boolean;
  /** The box for secrets of this database; undefined where no key was given. @throws StartError */
  openSecrets(): Promise<SecretBox | undefined>;
  /** The same where the key need not fit. */
  readSecrets(): Promise<SecretBox | undefined>;
  /** What was noted outside of the database of where its records stood. @param box with the key that they were noted with */
  readNotedHeads(box: SecretBox | undefined): Promise<Noted>;
  /** The file that this is noted in; undefined where there is none. */
  headsFile: string | undefined;
  /** Where people reach Slipway, for links. */
  baseUrl: string;
}

/**
 * Runs a command on the database of the settings: that of the running server, or else the embedded
 * one, started for as long as the command takes.
 *
 * @param mayCreate whether a data folder that is not there yet is made; otherwise it is a typing error
 * @throws StartError when there is no database to work on
 */
export async function withCommandDatabase<T>(
  env: Env,
  mayCreate: boolean,
  work: (context: CommandContext) => Promise<T>,
): Promise<T> {
  if (
    env.databaseUrl === undefined &&
    !mayCreate &&
    !existsSync(join(env.dataFolder, 'postgres')) &&
    !existsSync(restoringFolder(env.dataFolder))
  ) {
    throw new StartError(
      `There is no Slipway database in ${env.dataFolder}. ` +
        'Start Slipway once, or name its folder with --data.',
    );
  }
  const { database, address } = await findDatabase(env);
  const folder = env.databaseUrl === undefined ? env.dataFolder : undefined;
  const db = openDatabase(database.ownerUrl, { maxConnections: 4, limited: false });
  const { headsFile } = env;
  try {
    await migrateToLatest(db);
    poolOf(db).seal = (await readSecretBox(env, folder))?.sealRecord;
    const role = await findRole(database.url);
    await grantRights(database.ownerUrl, role);
    return await work({
      db,
      databaseUrl: database.ownerUrl,
      appRole: role,
      isOwner: role === (await findRole(database.ownerUrl)),
      openSecrets: () => openSecretBox(db, env, folder),
      readSecrets: () => readSecretBox(env, folder),
      readNotedHeads: async (box) =>
        box ? readHeadsFile(headsFile, box.sealRecord) : nothingNoted,
      headsFile,
      baseUrl: env.publicUrl ?? address ?? addressOf(env, env.port),
    });
  } finally {
    await db.destroy();
    await database.stop();
  }
}

async function findDatabase(env: Env): Promise<{
  database: Pick<ProvidedDatabase, 'url' | 'ownerUrl' | 'stop'>;
  address?: string | undefined;
}> {
  const giveUpAt = Date.now() + SERVER_START_MS;
  const tellAt = Date.now() + 2000;
  let told = false;
  for (;;) {
    try {
      const options = { kind: 'command', onProgress: tell, onLost: tell } as const;
      return { database: await provideDatabase(env, options) };
    } catch (error) {
      if (!(error instanceof FolderInUseError)) throw error;
      const holder = await readHolder(env.dataFolder);
      if (holder?.databaseUrl !== undefined) {
        const stop = async (): Promise<void> => undefined;
        const { databaseUrl: ownerUrl, appUrl: url = ownerUrl, address } = holder;
        return { database: { url, ownerUrl, stop }, address };
      }
      // A server that is just starting: its database can be used as soon as it says so.
      if (Date.now() > giveUpAt) throw error;
      if (!told && Date.now() > tellAt) {
        told = true;
        tell('Waiting for the server on this data folder to finish its start');
      }
      await sleep(200);
    }
  }
}

function tell(line: string): void {
  console.error(line);
}

import { type DataFolder, claimDataFolder } from './database/embedded/data-folder.ts';
import { startEmbedded } from './database/embedded/embedded.ts';
import { checkDatabase } from './database/connection/external.ts';
import type { Env } from './env.ts';

export interface ProvidedDatabase {
  /** As the application works in it. */
  url: string;
  /** As its owner: for migrations, commands and backups. May be the same. */
  ownerUrl: string;
  /** The folder of the embedded database; undefined for a PostgreSQL of one's own. */
  folder: DataFolder | undefined;
  stop(): Promise<void>;
}

export interface ProvideOptions {
  kind: 'server' | 'command';
  onProgress: (line: string) => void;
  onLost: (reason: string) => void;
  onBack?: () => void;
}

/**
 * The database that the settings ask for, ready for connections: the given one, or the embedded one
 * started for this process.
 *
 * @throws StartError when it cannot be had
 */
export async function provideDatabase(
  env: Pick<Env, 'dataFolder' | 'databaseUrl' | 'databaseOwnerUrl'>,
  { kind, ...told }: ProvideOptions,
): Promise<ProvidedDatabase> {
  if (env.databaseUrl !== undefined) {
    const { databaseUrl: url, databaseOwnerUrl: ownerUrl = url } = env;
    await checkDatabase(url);
    if (ownerUrl !== url) await checkDatabase(ownerUrl, 'DATABASE_OWNER_URL');
    return { url, ownerUrl, folder: undefined, stop: async () => undefined };
  }
  const folder = await claimDataFolder(env.dataFolder, kind);
  try {
    const database = await startEmbedded(folder, told);
    return {
      url: database.appUrl,
      ownerUrl: database.url,
      folder,
      stop: async () => {
        await database.stop();
        await folder.release();
      },
    };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

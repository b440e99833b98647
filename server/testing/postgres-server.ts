import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDataFolder } from '../database/embedded/data-folder.ts';
import { startEmbedded } from '../database/embedded/embedded.ts';

/**
 * A PostgreSQL for tests, on which databases can be made and dropped: that of DATABASE_URL, else the
 * embedded one on a folder that is gone when it stops.
 */
export async function startTestPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== '') return { url: given, stop: async () => undefined };
  const path = await mkdtemp(join(tmpdir(), 'slipway-test-'));
  const folder = await claimDataFolder(path, 'server');
  const database = await startEmbedded(folder, { durable: false });
  return {
    url: database.url,
    stop: async () => {
      await database.stop();
      await folder.release();
      await rm(path, { recursive: true, force: true });
    },
  };
}

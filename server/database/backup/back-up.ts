import { withClient } from '../connection/client.ts';
import { type WriteOptions, writeArchive } from './archive.ts';
import { dump } from './dump.ts';

/**
 * Writes all of a database to a file, as it is at one moment, and reads it back.
 * @param databaseUrl as the owner of the tables
 * @param version of Slipway, for the head of the archive
 * @throws what the database or the disk says
 */
export async function backUpDatabase(
  databaseUrl: string,
  file: string,
  version: string,
  options: WriteOptions = {},
): Promise<void> {
  const config = {
    connectionString: databaseUrl,
    application_name: 'slipway-backup',
    statement_timeout: 0,
  };
  await withClient(config, (client) => writeArchive(file, dump(client, version), options));
}

import { afterAll, beforeAll } from 'vitest';
import { type TestDatabase, withDatabase } from '../database.ts';
import { type EstateServer, startEstateServer } from './estate-server.ts';
import { type Ran, runBash, slipwaySettings } from './shell.ts';

export interface Publishing {
  database: TestDatabase;
  /** Runs a piece of bash that publishes to role 83045 of Storefront, unless told otherwise. */
  run: (command: string, variables?: Record<string, string>) => Promise<Ran>;
  /** How many changes were recorded so far. */
  countChanges: () => Promise<number>;
}

/** What pipelines publish to: Slipway on the demo estate, for the tests of one block. */
export function withPublishing(): Publishing {
  const database = withDatabase();
  let server: EstateServer;

  beforeAll(async () => {
    server = await startEstateServer(database);
  });
  afterAll(() => server.app.close());

  return {
    database,
    run: (command, variables = {}) =>
      runBash(command, {
        ...slipwaySettings(server.url, server.keys.account),
        SLIPWAY_RETRIES: '0',
        SLIPWAY_ACCOUNT: '1',
        SLIPWAY_ROLE: '83045',
        IMAGE_NAME: 'ubuntu-16-04-apache2-1',
        IMAGE_OS: 'ubuntu-16-04',
        ...variables,
      }),
    countChanges: async () => {
      const changes = await database.db.selectFrom('operations_log').select('revision').execute();
      return changes.length;
    },
  };
}

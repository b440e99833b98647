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
  /** The cloud image ids of the role, by location. */
  inRole: () => Promise<Record<string, string>>;
  /** Where Slipway is. */
  url: () => string;
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
    inRole: async () => {
      const rows = await database.db
        .selectFrom('role_images')
        .innerJoin('images', 'images.id', 'role_images.image_id')
        .where('role_id', '=', 83045)
        .select(['images.cloud_location', 'cloud_image_id'])
        .$narrowType<{ cloud_image_id: string }>()
        .execute();
      return Object.fromEntries(rows.map((row) => [row.cloud_location, row.cloud_image_id]));
    },
    url: () => server.url,
  };
}

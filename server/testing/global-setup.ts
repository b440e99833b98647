import type { TestProject } from 'vitest/node';
import { withClient } from '../database/connection/client.ts';
import { openDatabase } from '../database/connection/connection.ts';
import { migrateToLatest } from '../database/migrate.ts';
import { databaseUrl } from './database-url.ts';
import { startTestPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where databases can be made and dropped. */
    adminUrl: string;
    /** A migrated, otherwise empty database to clone. */
    templateDatabase: string;
  }
}

/**
 * Once per test run: a real PostgreSQL (DATABASE_URL, else the embedded one on a throw-away folder)
 * with a migrated template. vitest calls it and, at the end, what it returns.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestPostgres();
  const template = `slipway_template_${process.pid}`;
  await runAsAdmin(server.url, `CREATE DATABASE ${template}`);
  const db = openDatabase(databaseUrl(server.url, template));
  try {
    await migrateToLatest(db);
  } finally {
    await db.destroy();
  }
  project.provide('adminUrl', server.url);
  project.provide('templateDatabase', template);
  return async () => {
    await runAsAdmin(server.url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await server.stop();
  };
}

async function runAsAdmin(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql));
}

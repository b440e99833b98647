import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import * as foundation from './migrations/0001-foundation.ts';
import * as referenceData from './migrations/0002-reference-data.ts';
import * as restoredImage from './migrations/0003-restored-image.ts';

/** Every migration by name, in order; one is never changed after it has landed. */
const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-reference-data': referenceData,
  '0003-restored-image': restoredImage,
};

/** The database was migrated by a later Slipway than this one. */
export class NewerDatabaseError extends Error {
  constructor(migration: string) {
    super(
      `The database was written by a newer Slipway (it has the migration "${migration}"). Start that version or a later one, or restore a backup made before the upgrade.`,
    );
    this.name = 'NewerDatabaseError';
  }
}

/**
 * Brings the schema to this version. Safe to call from several processes at once: Kysely's migrator
 * holds a lock, so exactly one migrates.
 * @throws NewerDatabaseError if the database knows a migration that this version does not
 */
export async function migrateToLatest<T>(db: Kysely<T>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const applied = await appliedMigrations(db as Kysely<unknown>);
  const unknown = applied.find((name) => !(name in migrations));
  if (unknown) throw new NewerDatabaseError(unknown);
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

async function appliedMigrations(db: Kysely<unknown>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await (db as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map((row) => row.name);
}

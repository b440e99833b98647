import { type Kysely, sql } from 'kysely';

/** What can be changed has a version, which `If-Match` may name: these were without one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['accounts', 'environments', 'role_categories', 'servers', 'api_keys'])
    await sql`ALTER TABLE ${sql.table(table)} ADD version integer NOT NULL DEFAULT 1`.execute(db);
}

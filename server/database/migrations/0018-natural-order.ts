import { type Kysely, sql } from 'kysely';

/**
 * Names sort as people read them: `nginx-1-9` before `nginx-1-10`, capitals beside small letters. The
 * collation is deterministic, so that only equal texts are equal and a keyset has one place for each row.
 * Lists say it where they sort (queries/lists/natural-order.ts); columns keep comparing byte by byte.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE COLLATION natural_order (provider = icu, locale = 'en-u-kn-true-ks-level2')`.execute(db);
  await sql`DROP INDEX images_by_name, roles_by_scope, farms_account, farms_by_name`.execute(db);
  await sql`
    CREATE INDEX images_by_name ON images
      (scope, account_id, environment_id, name COLLATE natural_order, id) WHERE deleted_at IS NULL`.execute(
    db,
  );
  await sql`
    CREATE INDEX images_by_location ON images
      (scope, account_id, environment_id, cloud_location COLLATE natural_order, id)
      INCLUDE (cloud_platform) WHERE deleted_at IS NULL`.execute(db);
  await sql`
    CREATE INDEX roles_by_scope ON roles
      (scope, account_id, environment_id, name COLLATE natural_order, id) WHERE deleted_at IS NULL`.execute(
    db,
  );
  await sql`
    CREATE INDEX farms_account ON farms (account_id, name COLLATE natural_order, id)`.execute(db);
  await sql`CREATE INDEX farms_by_name ON farms (name COLLATE natural_order, id)`.execute(db);
  // The search for everything finds servers too, among a million of them.
  await sql`
    CREATE INDEX servers_hostname_trigrams ON servers USING gin (hostname gin_trgm_ops)`.execute(
    db,
  );
  await sql`
    CREATE INDEX servers_cloud_id_trigrams ON servers USING gin (cloud_server_id gin_trgm_ops)`.execute(
    db,
  );
}

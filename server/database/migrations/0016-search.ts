import { type Kysely, sql } from 'kysely';

/**
 * Searches look into descriptions, and into where servers run. An image keeps when its cloud last confirmed
 * it; what a cloud has copied for Slipway is not told apart from the rest of the past, and counts as unchecked.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX images_description_trigrams ON images USING gin (description gin_trgm_ops)
    WHERE deleted_at IS NULL`.execute(db);
  await sql`CREATE INDEX roles_description_trigrams ON roles USING gin (description gin_trgm_ops)
    WHERE deleted_at IS NULL`.execute(db);
  await sql`CREATE INDEX farm_roles_location_trigrams ON farm_roles
    USING gin (cloud_location gin_trgm_ops)`.execute(db);
  await sql`ALTER TABLE images ADD COLUMN checked_at timestamptz`.execute(db);
}

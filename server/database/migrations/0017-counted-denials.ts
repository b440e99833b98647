import { type Kysely, sql } from 'kysely';

/**
 * Equal denials of one minute are one row with their count. Rows that are there, and those of a Slipway that
 * was started before the upgrade, have no minute and stay one each.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE denials
      ADD minute timestamptz,
      ADD last_at timestamptz,
      ADD count integer NOT NULL DEFAULT 1`.execute(db);
  await sql`
    CREATE UNIQUE INDEX denials_counted ON denials (minute, actor, operation, scope, code)
    WHERE minute IS NOT NULL`.execute(db);
  await sql`CREATE INDEX denials_last ON denials (coalesce(last_at, at))`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/**
 * The shape of an entry of the operations log: rows that are there have shape 1 and keep it, with `undo`,
 * which is in their hashes. A Slipway that was started before the upgrade goes on to write such rows, hence the
 * default.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE operations_log
      ADD shape smallint NOT NULL DEFAULT 1,
      ADD others jsonb,
      ADD options jsonb`.execute(db);
}

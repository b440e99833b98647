import { type Kysely, sql } from 'kysely';

/** A roll-back that restored an image says so, since rolling it back in turn deprecates it again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE replacements ADD COLUMN restored_new_image boolean NOT NULL DEFAULT false`.execute(
    db,
  );
}

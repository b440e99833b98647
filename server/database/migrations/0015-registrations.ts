import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await keepRestoredReasons(db);
  await addLines(db);
}

/** A roll-back that restores an image keeps why it was deprecated: rolled back in turn, that comes back. */
async function keepRestoredReasons(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE replacements ADD COLUMN restored_reason text`.execute(db);
  await sql`
    UPDATE replacements back SET restored_reason = undone.reason
    FROM replacements undone WHERE undone.id = back.rolls_back_id AND back.restored_new_image`.execute(
    db,
  );
}

/** The rule is `lineOf` in server/domain/lines.ts. */
async function addLines(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE images ADD COLUMN line text NOT NULL
      GENERATED ALWAYS AS (regexp_replace(name, '(-+[0-9]+)+$', '')) STORED`.execute(db);
}

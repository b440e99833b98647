import { type Kysely, sql } from 'kysely';

/**
 * Finds the words of operations together with when they were done, and where: each operation is marked with its day
 * and, as negative numbers, its account and environment (`marksOf` in `queries/records/operation-words.ts`). A word
 * that is frequent elsewhere, or was a while ago, is then not looked up row by row.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
DROP INDEX operations_words;
CREATE INDEX operations_words ON operations USING gin (words gin_trgm_ops,
  (ARRAY[(at AT TIME ZONE 'UTC')::date - DATE '1970-01-01', -2 * account_id, -1 - 2 * environment_id]));
`;

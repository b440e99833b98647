import { sql, type Transaction } from 'kysely';
import type { Database } from '../../schema.ts';

interface Piece {
  drop: string;
  create: string;
}

/**
 * Does some work on tables without their indexes and references, then makes them again, which checks every
 * row: many times faster than doing so row by row. Primary keys and unique constraints stay.
 * @param onStep told before each index or reference is made again: how many are left of how many
 */
export async function withBareTables(
  tx: Transaction<Database>,
  tables: readonly string[],
  work: () => Promise<void>,
  onStep: (left: number, of: number) => void,
): Promise<void> {
  const pieces = await findPieces(tx, tables);
  for (const { drop } of pieces) await sql.raw(drop).execute(tx);
  await work();
  let left = pieces.length;
  for (const { create } of pieces.toReversed()) {
    onStep(left, pieces.length);
    await sql.raw(create).execute(tx);
    left -= 1;
  }
}

/**
 * References first, then the indexes that belong to no constraint. One stays, by which servers are judged: made again
 * after its rows were changed, PostgreSQL does not use it before they are committed.
 */
async function findPieces(tx: Transaction<Database>, tables: readonly string[]): Promise<Piece[]> {
  const { rows } = await sql<Piece>`
    SELECT "drop", "create" FROM (
      SELECT 1 AS rank, conname AS name, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS "drop",
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS "create"
      FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY (${tables}::text[]::regclass[])
      UNION ALL
      SELECT 2, indexrelid::regclass::text, format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
      FROM pg_index WHERE indrelid = ANY (${tables}::text[]::regclass[])
        AND indexrelid <> 'images_registered_once'::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)) piece
    ORDER BY rank, name`.execute(tx);
  return rows;
}

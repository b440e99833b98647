import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** Rows deleted at a time, so that no statement takes long. */
const rowsAtOnce = 5_000;

/** What is of no use any more, and since when. A session that nobody uses any more ends at its latest. */
const ended = [
  { table: 'denials', key: 'id', since: 'coalesce(last_at, at)' },
  { table: 'sessions', key: 'token_hash', since: 'expires_at' },
  { table: 'sign_in_links', key: 'token_hash', since: 'expires_at' },
] as const;

/** Deletes denials of so many days ago, and sessions and links that ended then. @returns how many */
export async function pruneRecords(db: Db, keepDays: number): Promise<number> {
  let all = 0;
  for (const { table, key, since } of ended)
    for (let last = rowsAtOnce; last === rowsAtOnce; all += last) {
      const { numAffectedRows } = await sql`
        DELETE FROM ${sql.table(table)} WHERE ${sql.ref(key)} IN (
          SELECT ${sql.ref(key)} FROM ${sql.table(table)}
          WHERE ${sql.raw(since)} < clock_timestamp() - make_interval(days => ${keepDays})
          LIMIT ${rowsAtOnce})`.execute(db);
      last = Number(numAffectedRows);
    }
  return all;
}

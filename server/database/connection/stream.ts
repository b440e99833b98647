import { type RawBuilder, sql } from 'kysely';
import type { Db } from './connection.ts';

/** Rows fetched at a time: enough to hide the round trip, little enough to keep memory flat. */
const rowsAtOnce = 500;
/** How long whoever takes the rows may pause, e.g. a slow download. */
const longestPauseMs = 60_000;

/**
 * Gives the rows of a query one by one through a cursor of the database, so that any number of them
 * needs little memory. Only one stream may be open in a transaction; the transaction closes it.
 */
export async function* streamRows<Row>(
  tx: Db,
  query: RawBuilder<Row>,
  size = rowsAtOnce,
): AsyncGenerator<Row> {
  await sql`SELECT set_config('idle_in_transaction_session_timeout', ${String(longestPauseMs)}, true)`.execute(
    tx,
  );
  await sql`DECLARE streamed_rows NO SCROLL CURSOR FOR ${query}`.execute(tx);
  for (;;) {
    const { rows } = await sql<Row>`FETCH ${sql.lit(size)} FROM streamed_rows`.execute(tx);
    yield* rows;
    if (rows.length < size) return;
  }
}

import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { findMigrations, findSequences, findTables, quoted } from './catalogue.ts';
import type { Frame } from './frames.ts';

/**
 * Everything in a database, as of one moment, whatever is written meanwhile. Rows leave it as they are
 * taken, so that memory stays flat.
 * @param slipway the version that writes the backup
 */
export async function* dump(client: pg.Client, slipway: string): AsyncGenerator<Frame> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const at = new Date().toISOString();
  const migrations = await findMigrations(client);
  yield { kind: 'header', value: { slipway, at, migrations } };
  const rows: Record<string, number> = {};
  for (const table of await findTables(client)) {
    yield { kind: 'table', value: table };
    const { name, columns } = table;
    const copy = client.query(
      copyTo(`COPY ${quoted(name)} (${columns.map(quoted).join(', ')}) TO STDOUT`),
    );
    for await (const value of copy as AsyncIterable<Buffer>) yield { kind: 'rows', value };
    rows[name] = copy.rowCount;
  }
  // Sequences know no transactions. Read last, they are past every number in the rows.
  yield { kind: 'footer', value: { rows, sequences: await findSequences(client) } };
  await client.query('COMMIT');
}

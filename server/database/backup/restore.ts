import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { findTables, quoted } from './catalogue.ts';
import type { BackupTable, Frame } from './frames.ts';

/**
 * Puts the rows of a backup into a database that has exactly its migrations, in place of what is there.
 * Needs a superuser: triggers and foreign keys rest meanwhile, since the rows agree with each other.
 * @param frames those after the header
 * @returns rows by table
 * @throws Error when something arrived that is not what was backed up; then nothing was changed
 */
export async function restoreRows(
  client: pg.Client,
  frames: AsyncIterable<Frame>,
): Promise<Record<string, number>> {
  await client.query('BEGIN');
  await client.query('SET LOCAL session_replication_role = replica');
  const tables = await findTables(client);
  await client.query(`TRUNCATE ${tables.map(({ name }) => quoted(name)).join(', ')}`);
  const arrived: Record<string, number> = {};
  let open: OpenTable | undefined;
  for await (const frame of frames) {
    if (frame.kind === 'rows') {
      await open?.write(frame.value);
      continue;
    }
    if (open) arrived[open.name] = await open.end();
    open = frame.kind === 'table' ? openTable(client, frame.value) : undefined;
    if (frame.kind === 'footer') {
      expectSame(arrived, frame.value.rows);
      await setSequences(client, frame.value.sequences);
      await client.query('COMMIT');
      await client.query('ANALYZE');
      return arrived;
    }
  }
  throw new Error('The backup has no end.');
}

interface OpenTable {
  name: string;
  write(chunk: Buffer): Promise<void>;
  end(): Promise<number>;
}

function openTable(client: pg.Client, { name, columns }: BackupTable): OpenTable {
  const sql = `COPY ${quoted(name)} (${columns.map(quoted).join(', ')}) FROM STDIN`;
  const copy = client.query(copyFrom(sql));
  const stream: Writable = copy;
  const done = finished(stream);
  // Who writes or ends hears of it.
  done.catch(() => undefined);
  return {
    name,
    write: async (chunk) => {
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), done]);
    },
    end: async () => {
      stream.end();
      await done;
      return copy.rowCount;
    },
  };
}

function expectSame(arrived: Record<string, number>, wanted: Record<string, number>): void {
  for (const [table, rows] of Object.entries(wanted)) {
    if (arrived[table] === rows) continue;
    throw new Error(`Of ${rows} rows of ${table} ${arrived[table] ?? 0} arrived.`);
  }
}

async function setSequences(
  client: pg.Client,
  sequences: Record<string, string | null>,
): Promise<void> {
  for (const [name, last] of Object.entries(sequences)) {
    if (last !== null) await client.query('SELECT setval($1::regclass, $2)', [quoted(name), last]);
    else await client.query(`ALTER SEQUENCE ${quoted(name)} RESTART`);
  }
}

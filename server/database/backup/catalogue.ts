import pg from 'pg';
import type { BackupTable } from './frames.ts';

export const quoted = pg.escapeIdentifier;

/** Which migrations a database has, in order. */
export async function findMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM kysely_migration ORDER BY name',
  );
  return rows.map(({ name }) => name);
}

/** Every table with rows of its own (not the migrator's), and the columns that are not computed. */
export async function findTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable>(`
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND c.relname NOT LIKE 'kysely%'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname`);
  return rows;
}

/** The last number that each sequence gave out, null for one that was never used. */
export async function findSequences(client: pg.Client): Promise<Record<string, string | null>> {
  const { rows } = await client.query<{ name: string; last: string | null }>(`
    SELECT sequencename AS name, last_value::text AS last
    FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename`);
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}

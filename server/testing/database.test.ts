import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { withDatabase } from './database.ts';

const database = withDatabase();

test('a test file has a migrated database of its own', async () => {
  const { rows } = await sql<{ name: string; tables: number }>`
    SELECT current_database() AS name, count(*) AS tables FROM pg_tables WHERE schemaname = 'public'
  `.execute(database.db);
  expect(rows[0]?.name).toMatch(/^slipway_test_/);
  expect(rows[0]?.tables).toBeGreaterThan(10);
});

import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { openDatabase, poolOf } from './connection.ts';

const database = withDatabase();

test('behind a pooler, the limits are those of each transaction, whatever its connection was told before', async () => {
  const db = openDatabase(database.url, { maxConnections: 1, pooled: true });
  await sql`SET statement_timeout = 0`.execute(db);
  const limit = sql<{ statement_timeout: string }>`SHOW statement_timeout`;
  const { rows } = await db.transaction().execute((tx) => limit.execute(tx));
  const after = await limit.execute(db);
  await db.destroy();
  expect([...rows, ...after.rows].map((row) => row.statement_timeout)).toEqual(['9500ms', '0']);
});

test('a count is a number', async () => {
  const { rows } = await sql`SELECT count(*) AS found FROM generate_series(1, 3)`.execute(
    database.db,
  );
  expect(rows).toEqual([{ found: 3 }]);
});

test('a transaction has no pool to lose', async () => {
  await database.db
    .transaction()
    .execute(async (tx) => expect(() => poolOf(tx)).toThrow('not a database'));
});

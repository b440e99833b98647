import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { openDatabase } from './connection.ts';
import { retryConflicts, toApiError } from './errors.ts';
import { executeKept } from './sent-ahead.ts';

const database = withDatabase();

const changeName = (db = database.db) =>
  db
    .transaction()
    .execute((tx) =>
      tx
        .updateTable('cost_centers')
        .set({ name: 'Kept' })
        .where('name', '=', 'Kept')
        .returningAll()
        .execute(),
    );
const keptStatements = sql<{ statement: string }>`
  SELECT statement FROM pg_prepared_statements WHERE statement LIKE ${'%cost_centers%'}`;

async function kept(pooled: boolean): Promise<number> {
  const db = openDatabase(database.url, { maxConnections: 1, pooled });
  for (let i = 0; i < 6; i++) await changeName(db);
  const { rows } = await keptStatements.execute(db);
  await db.destroy();
  return rows.filter(({ statement }) => statement.startsWith('update')).length;
}

test('a connection keeps what is sent again and again, unless a pooler may share it', async () => {
  expect(await kept(false)).toBe(1);
  expect(await kept(true)).toBe(0);
});

test('a read is never kept, however often it comes: it is planned for its own values', async () => {
  const db = openDatabase(database.url, { maxConnections: 1 });
  const read = () =>
    db
      .transaction()
      .setAccessMode('read only')
      .execute((tx) => tx.selectFrom('cost_centers').selectAll().where('name', '=', 'x').execute());
  for (let i = 0; i < 6; i++) await read();
  const { rows } = await keptStatements.execute(db);
  await db.destroy();
  expect(rows).toEqual([]);
});

test('but for what every request asks first: it is kept wherever it is asked', async () => {
  const db = openDatabase(database.url, { maxConnections: 1 });
  const name = sql`SELECT name FROM cost_centers WHERE name = ${'x'}`.compile(db);
  for (let i = 0; i < 6; i++) await executeKept(db, name);
  const { rows } = await keptStatements.execute(db);
  await db.destroy();
  expect(rows).toEqual([{ statement: name.sql }]);
});

test('a kept statement is planned once: in changes, whatever it costs, and not by what a pooler shares', async () => {
  const modeOf = async (pooled: boolean, accessMode: 'read only' | 'read write') => {
    const db = openDatabase(database.url, { maxConnections: 1, pooled });
    const { rows } = await db
      .transaction()
      .setAccessMode(accessMode)
      .execute((tx) => sql<{ plan_cache_mode: string }>`SHOW plan_cache_mode`.execute(tx));
    const after = await sql<{ plan_cache_mode: string }>`SHOW plan_cache_mode`.execute(db);
    await db.destroy();
    return [...rows, ...after.rows].map((row) => row.plan_cache_mode);
  };
  expect(await modeOf(false, 'read write')).toEqual(['force_generic_plan', 'auto']);
  expect(await modeOf(false, 'read only')).toEqual(['auto', 'auto']);
  expect(await modeOf(true, 'read write')).toEqual(['auto', 'auto']);
});

test('a statement that was kept works again after its table has got another column', async () => {
  await sql`INSERT INTO cost_centers (name, billing_code, description, scope) VALUES ('Kept', '', '', 'scalr')`.execute(
    database.db,
  );
  for (let i = 0; i < 6; i++) await changeName();
  await sql`ALTER TABLE cost_centers ADD COLUMN spare int`.execute(database.db);
  const outdated = await changeName().catch(toApiError);
  expect(outdated).toMatchObject({ code: 'ServiceUnavailable' });
  await sql`ALTER TABLE cost_centers DROP COLUMN spare`.execute(database.db);
  for (let i = 0; i < 6; i++) await changeName();
  await sql`ALTER TABLE cost_centers ADD COLUMN spare int`.execute(database.db);
  expect(await retryConflicts(() => changeName())).toMatchObject([{ name: 'Kept', spare: null }]);
});

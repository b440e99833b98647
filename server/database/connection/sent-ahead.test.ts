import { Socket } from 'node:net';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { type Db, openDatabase } from './connection.ts';
import { ask, inOneTrip, sendAhead } from './sent-ahead.ts';

const database = withDatabase();

const addCenter = (tx: Db, name: string) =>
  sendAhead(
    tx,
    sql`INSERT INTO cost_centers (name, billing_code, description, scope) VALUES (${name}, '', '', 'scalr')`.compile(
      tx,
    ),
  );
const centers = async (like: string) => {
  const { rows } = await sql`SELECT name FROM cost_centers WHERE name LIKE ${like}`.execute(
    database.db,
  );
  return rows;
};

test('a statement that is sent ahead is done before the next one', async () => {
  const seen = await database.db.transaction().execute(async (tx) => {
    await addCenter(tx, 'ahead-1');
    return sql`SELECT name FROM cost_centers WHERE name = 'ahead-1'`.execute(tx);
  });
  expect(seen.rows).toEqual([{ name: 'ahead-1' }]);
});

test('its error is that of the next statement, and nothing of the transaction stays', async () => {
  const attempt = database.db.transaction().execute(async (tx) => {
    await addCenter(tx, 'ahead-2');
    await sendAhead(tx, sql`SELECT 1 / ${0}::int`.compile(tx));
    await addCenter(tx, 'ahead-2-late');
    await sql`SELECT 1`.execute(tx);
  });
  await expect(attempt).rejects.toMatchObject({ code: '22012' });
  expect(await centers('ahead-2%')).toEqual([]);
});

test('its error is told however late the next statement comes', async () => {
  const attempt = database.db.transaction().execute(async (tx) => {
    const [self] = await ask(tx, sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.compile(tx));
    await sendAhead(tx, sql`SELECT 1 / ${0}::int`.compile(tx));
    const state = sql<{ state: string }>`
      SELECT state FROM pg_stat_activity WHERE pid = ${self?.pid}`;
    await expect
      .poll(async () => (await state.execute(database.db)).rows[0]?.state)
      .toBe('idle in transaction (aborted)');
    await sql`SELECT 1`.execute(tx);
  });
  await expect(attempt).rejects.toMatchObject({ code: '22012' });
});

test('sent as the last, its error fails the commit, and nothing of the transaction stays', async () => {
  const attempt = database.db.transaction().execute(async (tx) => {
    await addCenter(tx, 'ahead-3');
    await sendAhead(tx, sql`SELECT 1 / ${0}::int`.compile(tx));
  });
  await expect(attempt).rejects.toMatchObject({ code: '22012' });
  expect(await centers('ahead-3%')).toEqual([]);
});

test('what a transaction sent ahead and was not told of does not fail the next one, on the same connection', async () => {
  const db = openDatabase(database.url, { maxConnections: 1 });
  const pid = () => sql`SELECT pg_backend_pid() AS pid`.execute(db);
  const { rows: before } = await pid();
  const attempt = db.transaction().execute(async (tx) => {
    await sendAhead(tx, sql`SELECT 1 / ${0}::int`.compile(tx));
    throw new Error('Changed my mind.');
  });
  await expect(attempt).rejects.toThrow('Changed my mind.');
  expect((await pid()).rows).toEqual(before);
  await db.destroy();
});

test('a connection that is left in a transaction is not given to anybody else', async () => {
  const db = openDatabase(database.url, { maxConnections: 1 });
  await db.connection().execute(async (held) => {
    await sql`BEGIN`.execute(held);
    await addCenter(held, 'left');
  });
  const { rows } = await sql`SELECT name FROM cost_centers WHERE name = 'left'`.execute(db);
  expect(rows).toEqual([]);
  await db.destroy();
});

test('outside of a transaction, a statement that is sent ahead fails by itself', async () => {
  const attempt = sendAhead(database.db, sql`SELECT 1 / ${0}::int`.compile(database.db));
  await expect(attempt).rejects.toMatchObject({ code: '22012' });
});

test('what is sent ahead or asked in one moment leaves in one packet', async () => {
  const db = openDatabase(database.url, { maxConnections: 1 });
  await sql`SELECT 1`.execute(db);
  const writes = (['_write', '_writev'] as const).map((how) => vi.spyOn(Socket.prototype, how));
  const countPackets = () => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  const packets = await db.transaction().execute(async (tx) => {
    await addCenter(tx, 'packet-1');
    await addCenter(tx, 'packet-2');
    await inOneTrip(number(tx, '1'), number(tx, '2'), number(tx, '3'));
    const all = countPackets();
    await inOneTrip(number(tx, '1'), number(tx, '2'));
    return [all, countPackets() - all];
  });
  vi.restoreAllMocks();
  expect(packets).toEqual([1, 1]);
  await db.destroy();
});

const number = (tx: Db, text: string) =>
  ask<{ number: number }>(
    tx,
    sql<{ number: number }>`SELECT 12 / ${text}::int AS number`.compile(tx),
  );

test('questions that are asked at once each get their own answer', async () => {
  const found = await database.db
    .transaction()
    .execute((tx) => inOneTrip(number(tx, '1'), number(tx, '2'), number(tx, '3')));
  expect(found).toEqual([[{ number: 12 }], [{ number: 6 }], [{ number: 4 }]]);
});

test('of those that fail the first is told, to all after it too, and the transaction can go on', async () => {
  const outcome = await database.db.transaction().execute(async (tx) => {
    await sql`SAVEPOINT here`.execute(tx);
    const [first, second, third] = [number(tx, '1'), number(tx, '0'), number(tx, 'x')];
    const settled = await Promise.allSettled([first, second, third, inOneTrip(first, third)]);
    await sql`ROLLBACK TO SAVEPOINT here`.execute(tx);
    return [...settled, await number(tx, '4')];
  });
  expect(outcome).toMatchObject([
    { status: 'fulfilled', value: [{ number: 12 }] },
    { status: 'rejected', reason: { code: '22012' } },
    { status: 'rejected', reason: { code: '22012' } },
    { status: 'rejected', reason: { code: '22012' } },
    [{ number: 3 }],
  ]);
});

test('what is refused first is told, whatever is found out sooner', async () => {
  const late = async () => {
    await sql`SELECT pg_sleep(0.05)`.execute(database.db);
    throw new Error('first');
  };
  const soon = Promise.reject(new Error('second'));
  await expect(inOneTrip(late(), soon)).rejects.toThrow('first');
});

import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../database/connection/connection.ts';
import { withDatabase } from '../testing/database.ts';
import { electLoop } from './election.ts';

const database = withDatabase();
const patience = { timeout: 10_000 };

test('of many one runs the loop, the next takes over, and no vacuum waits for the leader', async () => {
  const pools = [
    openDatabase(database.url),
    openDatabase(database.url),
    openDatabase(database.url),
  ];
  let running = 0;
  let most = 0;
  const start = () => {
    most = Math.max(most, ++running);
    return {
      stop: async () => {
        await sleep(20);
        running--;
      },
    };
  };
  const elected = pools.map((db) => electLoop(db, 'image-deletions', start, { everyMs: 20 }));
  const leading = () => elected.filter(({ isLeader }) => isLeader);
  for (let left = pools.length; left > 0; left--) {
    await expect.poll(() => leading().length, patience).toBe(1);
    expect(await oldestSnapshots()).toEqual([]);
    const [leader] = leading();
    await leader?.stop();
  }
  expect({ running, most }).toEqual({ running: 0, most: 1 });
  await Promise.all(pools.map((db) => db.destroy()));
});

test('a leader whose connection ends stops the loop, and is elected again', async () => {
  let starts = 0;
  const errors: unknown[] = [];
  const start = () => {
    starts++;
    return { stop: async () => undefined };
  };
  const options = { everyMs: 20, onError: (error: unknown) => errors.push(error) };
  const elected = electLoop(database.db, 'image-deletions', start, options);
  await expect.poll(() => elected.isLeader, patience).toBe(true);
  await sql`SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 3
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(
    database.db,
  );
  await expect.poll(() => starts, patience).toBe(2);
  expect(elected.isLeader).toBe(true);
  expect(errors).toHaveLength(1);
  await elected.stop();
});

/** Who keeps rows from being cleaned up while it does nothing. */
async function oldestSnapshots(): Promise<unknown[]> {
  const { rows } = await sql`SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction'
      AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)`.execute(database.db);
  return rows;
}

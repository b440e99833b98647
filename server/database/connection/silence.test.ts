import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { FaultProxy } from '../../testing/network/fault-proxy.ts';
import { cutUnlessWithin, DatabaseSilentError } from './silence.ts';

const database = withDatabase();
let proxy: FaultProxy;
let client: pg.Client;

beforeEach(async () => {
  proxy = new FaultProxy(database.url);
  client = new pg.Client(await proxy.listen());
  client.on('error', () => undefined);
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await proxy.close();
});

function ask(text: string, withinMs: number): Promise<unknown> {
  const answer = client.query(text);
  cutUnlessWithin(withinMs, client, answer);
  return answer;
}

test('who waits for a database that says nothing is told after a while, and the connection is closed', async () => {
  proxy.hang();
  await expect(ask('SELECT 1', 500)).rejects.toThrow(DatabaseSilentError);
  await expect(ask('SELECT 2', 500)).rejects.toThrow('not queryable');
});

test('an answer in time costs the connection nothing, then or later', async () => {
  await ask('SELECT 1', 250);
  await ask('SELECT pg_sleep(0.5)', 1_500);
});

test('an answer that came while this process was busy was in time', async () => {
  // Its own PostgreSQL connection: the proxy is as busy as this process.
  const direct = new pg.Client(database.url);
  await direct.connect();
  const answer = direct.query('SELECT 1 AS one');
  cutUnlessWithin(250, direct, answer);
  const until = performance.now() + 600;
  setImmediate(() => {
    while (performance.now() < until);
  });
  expect((await answer).rows).toEqual([{ one: 1 }]);
  await direct.end();
});

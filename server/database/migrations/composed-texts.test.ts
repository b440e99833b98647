import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { databaseUrl } from '../../testing/database-url.ts';
import { randomName } from '../../testing/harness.ts';
import { withClient } from '../connection/client.ts';
import { type Db, openDatabase } from '../connection/connection.ts';
import { migrateDatabase } from '../migrate.ts';

// A database of a Slipway from before texts were composed.

const name = randomName('slipway_test').replaceAll('-', '_');
let url: string;
let db: Db;

const composed = 'Caf\u00e9';
const decomposed = 'Cafe\u0301';

const runAsAdmin = (statement: string) =>
  withClient(inject('adminUrl'), (client) => client.query(statement));

beforeAll(async () => {
  await runAsAdmin(`CREATE DATABASE ${name}`);
  url = databaseUrl(inject('adminUrl'), name);
  await migrateDatabase(url, ['0021-replacement-plans']);
  db = openDatabase(url);
  await db
    .insertInto('accounts')
    .values(
      ['North', decomposed, composed, `${decomposed} 2`].map((account) => ({ name: account })),
    )
    .execute();
  await migrateDatabase(url);
});
afterAll(async () => {
  await db.destroy();
  await runAsAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

it('composes the texts of before, and loses no name that another one has already', async () => {
  const rows = await db.selectFrom('accounts').select('name').orderBy('id').execute();
  expect(rows.map((row) => row.name)).toEqual(['North', decomposed, composed, `${composed} 2`]);
});

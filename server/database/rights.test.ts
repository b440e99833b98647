import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asApplication } from '../testing/application-role.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant } from '../testing/harness.ts';
import { type Db, openDatabase } from './connection/connection.ts';
import { findRole, findWrongRights, grantRights } from './rights.ts';

const database = withDatabase();
let url: string;
let app: Db;

beforeAll(async () => {
  await createTenant(database.db);
  url = await asApplication(database.url);
  app = openDatabase(url);
});
afterAll(() => app.destroy());

describe('the role of the application', () => {
  test('has the rights it needs, and no more', async () => {
    const role = await findRole(url);
    expect(role).not.toBe(await findRole(database.url));
    expect(await findWrongRights(database.db, role)).toEqual([]);
  });

  test.each([
    ['make a table', 'CREATE TABLE another (id integer)'],
    ['change one', 'ALTER TABLE accounts ADD another text'],
    ['drop one', 'DROP TABLE answered_requests'],
    ['empty one at a stroke', 'TRUNCATE answered_requests'],
    ['silence triggers', 'ALTER TABLE servers DISABLE TRIGGER USER'],
    ['change the operations log', "UPDATE operations_log SET actor = 'nobody'"],
    ['take out of the operations log', 'DELETE FROM operations_log'],
    ['say that a migration has run', "INSERT INTO kysely_migration VALUES ('9', '')"],
  ])('cannot %s', async (_what, statement) => {
    await expect(sql.raw(statement).execute(app)).rejects.toThrow(
      /permission denied|must be owner/,
    );
  });

  test('is given what it lacks, and loses what it has too much of', async () => {
    const role = await findRole(url);
    await sql`REVOKE SELECT ON accounts FROM ${sql.id(role)}`.execute(database.db);
    await sql`GRANT DELETE ON operations_log TO ${sql.id(role)}`.execute(database.db);
    await sql`CREATE TABLE later (id integer)`.execute(database.db);
    const wrong = await findWrongRights(database.db, role);
    expect(wrong.map(({ name }) => name)).toEqual(['accounts', 'later', 'operations_log']);
    await grantRights(database.url, role);
    expect(await findWrongRights(database.db, role)).toEqual([]);
    expect(await app.selectFrom('accounts').select('id').execute()).toHaveLength(1);
    await sql`DROP TABLE later`.execute(database.db);
  });

  test('that owns the tables itself is left as it is', async () => {
    const owner = await findRole(database.url);
    const before = await findWrongRights(database.db, owner);
    await grantRights(database.url, owner);
    expect(await findWrongRights(database.db, owner)).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
  });
});

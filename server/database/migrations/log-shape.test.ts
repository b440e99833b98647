import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { databaseUrl } from '../../testing/database-url.ts';
import { createTenant, randomName } from '../../testing/harness.ts';
import { findMisshapenEntries } from '../../testing/log-shapes.ts';
import { type Db, openDatabase } from '../connection/connection.ts';
import { withClient } from '../connection/client.ts';
import { checkInvariants } from '../invariants.ts';
import { migrateDatabase } from '../migrate.ts';
import { entryHash } from '../queries/records/operations-log.ts';
import { findTamperedRevisions } from '../records/log-check.ts';

// A database of a Slipway from before the log had one shape for each kind of object.

const name = randomName('slipway_test').replaceAll('-', '_');
let url: string;
let db: Db;

beforeAll(async () => {
  await runAsAdmin(`CREATE DATABASE ${name}`);
  url = databaseUrl(inject('adminUrl'), name);
  await migrateDatabase(url, ['0013-image-copies']);
  db = openDatabase(url);
  await writeOldRows();
  await migrateDatabase(url);
});
afterAll(async () => {
  await db.destroy();
  await runAsAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

async function runAsAdmin(statement: string): Promise<void> {
  await withClient(inject('adminUrl'), (client) => client.query(statement));
}

/** Two entries as they were written then: whatever members an operation chose, and how to take it back. */
async function writeOldRows(): Promise<void> {
  let previous: Buffer = Buffer.alloc(0);
  for (const revision of [1, 2]) {
    const entry = {
      chain: 'corporate',
      revision,
      at: new Date(Date.UTC(2026, 10, revision)).toISOString(),
      request_id: `00000000-0000-4000-8000-00000000000${revision}`,
      operation: 'imageReplace',
      actor: 'someone@example.com',
      credential: 'session:1',
      origin: '127.0.0.1',
      scope: 'scalr',
      account_id: null,
      environment_id: null,
      object: 'image:00000000-0000-4000-8000-000000000001',
      reason: null,
      before: '{"image":"a","roles":[1]}',
      after: '{"image":"b","roles":[1]}',
      undo: revision === 1 ? '{"rollBack":"c"}' : null,
    };
    const hash = entryHash(previous, entry);
    await db
      .insertInto('operations_log')
      .values({ ...entry, scope: 'scalr', prev_hash: previous, hash })
      .execute();
    await db
      .updateTable('revisions')
      .set({ revision, hash })
      .where('chain', '=', 'corporate')
      .execute();
    previous = hash;
  }
}

it('keeps old entries and their hashes, and goes on from them in the new shape', async () => {
  expect(await findTamperedRevisions(db)).toEqual([]);
  const t = await createTenant(db);
  const old = await t.corporateAdmin.call('operationList', t.corporate);
  expect(old.data).toMatchObject([2, 1].map(() => ({ words: 'replaced an image in roles' })));
  const params = { operationId: '00000000-0000-4000-8000-000000000001' };
  const { data: detail } = await t.corporateAdmin.call('operationGet', t.corporate, { params });
  expect(detail.changes).toMatchObject([
    { kind: 'image', gone: true, differences: [{ member: 'image', before: 'a', after: 'b' }] },
  ]);
  await t.corporateAdmin.call('accountCreate', t.corporate, { body: { name: 'New' } });
  const rows = await db
    .selectFrom('operations_log')
    .select(['revision', 'shape', 'undo'])
    .orderBy('revision')
    .execute();
  expect(rows).toEqual([
    { revision: 1, shape: 1, undo: { rollBack: 'c' } },
    { revision: 2, shape: 1, undo: null },
    { revision: 3, shape: 2, undo: null },
  ]);
  expect(await findTamperedRevisions(db)).toEqual([]);
  expect(await checkInvariants(db)).toEqual([]);
  expect(await findMisshapenEntries(db)).toEqual([]);
});

it.each([
  `undo = '{"rollBack": "d"}' WHERE revision = 1`,
  `undo = '{}' WHERE revision = 2`,
  `others = '[]' WHERE revision = 2`,
  `options = '{}' WHERE revision = 2`,
  `shape = 2 WHERE revision = 2`,
])('notices that an old entry was tampered with: %s', async (change) => {
  class RollBack extends Error {}
  const attempt = db.transaction().execute(async (tx) => {
    await sql`SET LOCAL session_replication_role = replica`.execute(tx);
    await sql.raw(`UPDATE operations_log SET ${change}`).execute(tx);
    expect(await findTamperedRevisions(tx)).toHaveLength(1);
    throw new RollBack();
  });
  await expect(attempt).rejects.toBeInstanceOf(RollBack);
});

import pg from 'pg';
import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant } from '../../testing/harness.ts';

// Whichever statement fails, a replacement of several pairs is carried out and taken back whole, or not at all.

const database = withDatabase();
const original = Reflect.get(pg.Client.prototype, 'query') as (...args: unknown[]) => unknown;
const brokenSql = 'SELECT 1 / (SELECT 0) AS "the statement that fails"';

/** Has one statement fail in PostgreSQL, counted from 1. @returns whether there was such a statement */
async function failingAt(n: number, work: () => Promise<unknown>): Promise<boolean> {
  let seen = 0;
  Reflect.set(pg.Client.prototype, 'query', function (this: unknown, ...args: unknown[]) {
    seen += 1;
    if (seen !== n) return original.apply(this, args);
    const [query, values, ...rest] = args as [string | { text: string; values?: unknown }, unknown];
    if (typeof query === 'string') return original.apply(this, [brokenSql, [], ...rest]);
    return original.apply(this, [
      Object.assign(query, { text: brokenSql, values: [], name: undefined }),
      values === undefined ? undefined : [],
      ...rest,
    ]);
  });
  try {
    await work().catch(() => undefined);
  } finally {
    Reflect.set(pg.Client.prototype, 'query', original);
  }
  return seen >= n;
}

/** Everything that a replacement writes, as text. */
async function state(): Promise<string> {
  const client = new pg.Client(database.url);
  await client.connect();
  const tables = ['role_images', 'role_image_history', 'replacements', 'replacement_pairs'];
  const all = [...tables, 'replacement_roles', 'images', 'roles', 'operations_log', 'revisions'];
  const rows = [];
  for (const table of all)
    rows.push((await client.query(`SELECT t::text FROM ${table} t ORDER BY 1`)).rows);
  await client.end();
  return JSON.stringify(rows);
}

test('nothing is half done when any statement of applying or rolling back fails', async () => {
  const t = await createTenant(database.db);
  const [a1, b1] = [
    await insertImage(database.db, t.account),
    await insertImage(database.db, t.account),
  ];
  const west = { cloud_location: 'us-west-2' };
  const [a2, b2] = [
    await insertImage(database.db, t.account, west),
    await insertImage(database.db, t.account, west),
  ];
  await insertRole(database.db, t.account, [a1.id, a2.id]);
  const pairs = [
    { oldImage: a1.id, newImage: b1.id },
    { oldImage: a2.id, newImage: b2.id },
  ];
  const body = { pairs, deprecateOldImage: true };
  const { id } = (await t.accountAdmin.call('replacementPlan', t.account, { body })).data;
  const input = { params: { replacementId: id }, body: {} };
  const acts = [
    () => t.accountAdmin.call('replacementApply', t.account, { params: input.params }),
    () => t.accountAdmin.call('replacementRollBack', t.account, input),
  ];
  for (const act of acts) {
    const before = await state();
    let failures = 0;
    // Once no statement is left to fail, the act has gone through as a whole.
    while (await failingAt(failures + 1, act)) {
      failures += 1;
      expect(await state(), `statement ${failures}`).toBe(before);
    }
    expect(failures).toBeGreaterThan(8);
    expect(await state()).not.toBe(before);
  }
  const { data } = await t.viewer.call('replacementGet', t.account, { params: input.params });
  expect(data).toMatchObject({ state: 'rolledBack', roles: 1 });
});

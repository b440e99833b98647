import pg from 'pg';
import { expect } from 'vitest';

const original = Reflect.get(pg.Client.prototype, 'query') as (...args: unknown[]) => unknown;
const brokenSql = 'SELECT 1 / (SELECT 0) AS "the statement that fails"';

/** Has one statement fail in PostgreSQL, counted from 1. @returns whether there was such a statement */
export async function failingAt(n: number, work: () => Promise<unknown>): Promise<boolean> {
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

/** Everything that changes of images and roles write, as text. */
async function readState(databaseUrl: string): Promise<string> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const tables = [
    'image_sets',
    'images',
    'roles',
    'role_images',
    'role_image_history',
    'replacements',
  ];
  const all = [
    ...tables,
    'replacement_pairs',
    'replacement_roles',
    'operations_log',
    'revisions',
    'outbox',
  ];
  const rows = [];
  for (const table of all)
    rows.push((await client.query(`SELECT t::text FROM ${table} t ORDER BY 1`)).rows);
  await client.end();
  return JSON.stringify(rows);
}

/**
 * Demands that an act leaves nothing behind whichever of its statements fails, and then that it goes through.
 * @returns how many statements were made to fail
 */
export async function failAtEach(
  databaseUrl: string,
  act: () => Promise<unknown>,
): Promise<number> {
  const before = await readState(databaseUrl);
  let failures = 0;
  // Once no statement is left to fail, the act has gone through as a whole.
  while (await failingAt(failures + 1, act)) {
    failures += 1;
    expect(await readState(databaseUrl), `statement ${failures}`).toBe(before);
  }
  expect(await readState(databaseUrl)).not.toBe(before);
  return failures;
}

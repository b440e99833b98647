import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

// A word that the latest operations have seldom, or not at all: there are more of them than are looked at row by row,
// and it was frequent enough before that a sample finds it.

const database = withDatabase();
const actor = 'search@example.com';
let t: Tenant;

beforeAll(async () => {
  t = await createTenant(database.db);
  const other = await createTenant(database.db);
  await insert(t.account, { count: 6_000, daysAgo: 0, words: 'quiet' });
  await insert(t.account, { count: 3, daysAgo: 1, words: 'weekly build' });
  await insert(t.account, { count: 8_000, daysAgo: 10, words: 'weekly build' });
  await insert(t.environment, { count: 300, daysAgo: 30, words: 'weekly build' });
  await insert(t.account, { count: 1, daysAgo: 40, words: 'weekly unheardof' });
  await insert(other.account, { count: 3_000, daysAgo: 0, words: 'weekly elsewhere' });
});
// They stand in no log.
afterAll(() => database.db.deleteFrom('operations').where('actor', '=', actor).execute());

/** Operations within the hours before some days ago. */
async function insert(
  at: ScopeRef,
  { count, daysAgo, words }: { count: number; daysAgo: number; words: string },
): Promise<void> {
  const { scope, account_id, environment_id } = placeColumns(at);
  await sql`
    INSERT INTO operations (id, at, operation, actor, credential, origin, scope, account_id, environment_id, kinds,
      personal, words)
    SELECT gen_random_uuid(), now() - make_interval(days => ${daysAgo}::int) - n * interval '2 seconds', 'imageUpdate',
      ${actor}, 'key:APIK', '192.0.2.1', ${scope}, ${account_id}::int, ${environment_id}::int, '{image}', false, ${words}
    FROM generate_series(1, ${count}::int) n`.execute(database.db);
}

/** All pages, one after the other. */
async function pagesOf(at: ScopeRef, query: { query: string; sort?: 'at' | '-at' }) {
  const pages: string[][] = [];
  let cursor: string | null = 'start';
  while (cursor !== null) {
    const { ids, next } = await pageOf(at, { ...query, cursor });
    pages.push(ids);
    cursor = next;
  }
  return pages;
}

async function pageOf(at: ScopeRef, query: { query: string; cursor: string }) {
  const { data, page } = await t.corporateAdmin.call('operationList', at, {
    query: { ...query, maxResults: '100' },
  });
  return { ids: data.map(({ id }) => id), next: page?.kind === 'cursor' ? page.next : null };
}

async function expected(at: ScopeRef, pattern: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM operations WHERE account_id = ${t.account.accountId} AND words LIKE ${pattern}
      AND ${at.scope === 'environment' ? sql`scope = 'environment'` : sql`true`}
    ORDER BY at DESC, id DESC`.execute(database.db);
  return rows.map(({ id }) => id);
}

describe('a word that is seldom among the latest operations finds', () => {
  it('what had it a while ago, whole, in order, from both ends', async () => {
    const all = await expected(t.account, '%weekly%');
    expect(all).toHaveLength(8_304);
    expect((await pagesOf(t.account, { query: 'weekly' })).flat()).toEqual(all);
    const back = await pagesOf(t.account, { query: 'WEEKLY', sort: 'at' });
    expect(back.flat()).toEqual(all.toReversed());
  });

  it('nothing of another account, nor of what lies beside an environment', async () => {
    expect(await pagesOf(t.account, { query: 'elsewhere' })).toEqual([[]]);
    const own = await expected(t.environment, '%weekly%');
    expect(own).toHaveLength(300);
    expect((await pagesOf(t.environment, { query: 'weekly' })).flat()).toEqual(own);
  });

  it('the one that has another word as well', async () => {
    const only = await expected(t.account, '%unheardof');
    expect(await pagesOf(t.account, { query: 'unheardof weekly' })).toEqual([only]);
    // Too short for the index.
    expect(await pagesOf(t.account, { query: 'nh' })).toEqual([only]);
  });

  it('the same by numbered pages, which count all', async () => {
    const { data, page } = await t.corporateAdmin.call('operationList', t.account, {
      query: { query: 'weekly', maxResults: '100', pageNum: '28' },
    });
    expect(page).toMatchObject({ lastPage: 84 });
    const all = await expected(t.account, '%weekly%');
    expect(data.map(({ id }) => id)).toEqual(all.slice(2_700, 2_800));
  });
});

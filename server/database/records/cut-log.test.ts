import { beforeAll, describe, expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';
import { testSeal } from '../../testing/test-key.ts';
import { checkInvariants } from '../invariants.ts';
import { beginRecords } from './begins.ts';
import { checkRecords } from './check-records.ts';
import { cutLog } from './cut-log.ts';

// Old records are deleted only where somebody with the key signs for it, and what is left is proof all the same.

const database = withDatabase();
let t: Tenant;
beforeAll(async () => {
  t = await createTenant(database.db);
  await beginRecords(database.db, testSeal, { by: 'system:test', reason: 'A test' });
});

const change = async (): Promise<number> => {
  const body = { name: randomName('role'), category: 1, os: 'ubuntu-24-04' };
  const { data } = await t.accountAdmin.call('roleCreate', t.account, { body });
  return data.id;
};
const check = () => checkRecords(database.db, { seal: testSeal });
const count = async () =>
  (await database.db.selectFrom('operations_log').select('revision').execute()).length;

/** Between what was done before and what is done after. */
async function nextMoment(): Promise<Date> {
  const last = await database.db
    .selectFrom('operations_log')
    .select((log) => log.fn.max('at').as('at'))
    .executeTakeFirstOrThrow();
  return new Date(last.at.getTime() + 1);
}

describe('a cut', () => {
  test('deletes what is from before, says how much, and leaves records that are proof', async () => {
    for (let nth = 0; nth < 4; nth++) await change();
    const before = await nextMoment();
    while (new Date() <= before) await change();
    const later = await change();
    const kept = await database.db
      .selectFrom('operations_log')
      .where('at', '>=', before)
      .select('revision')
      .execute();
    const all = await count();
    const outcome = await cutLog(database.db, testSeal, { before, by: 'cli:test' });
    expect(outcome).toMatchObject({
      cuts: [
        { entries: all - kept.length, entries_in_all: all - kept.length, before, by: 'cli:test' },
      ],
    });
    expect(await count()).toBe(kept.length);
    expect(await check()).toEqual([]);
    expect(await checkInvariants(database.db)).toEqual([]);
    await t.accountAdmin.call('roleUpdate', t.account, {
      params: { roleId: later },
      body: { description: 'after the cut' },
    });
    expect(await check()).toEqual([]);
  });

  test('of everything leaves a chain that goes on where it was', async () => {
    const before = await nextMoment();
    await cutLog(database.db, testSeal, { before, by: 'cli:test' });
    expect(await count()).toBe(0);
    expect(await check()).toEqual([]);
    const again = await cutLog(database.db, testSeal, { before, by: 'cli:test' });
    expect(again).toMatchObject({ cuts: [] });
    await change();
    const first = database.db.selectFrom('operations_log').select('revision');
    expect((await first.executeTakeFirstOrThrow()).revision).toBeGreaterThan(4);
    expect(await check()).toEqual([]);
  });

  test('is refused where records do not fit what is there', async () => {
    const roleId = await change();
    await database.db
      .updateTable('roles')
      .set({ name: 'other' })
      .where('id', '=', roleId)
      .execute();
    const all = await count();
    const outcome = await cutLog(database.db, testSeal, {
      before: await nextMoment(),
      by: 'cli:x',
    });
    expect(outcome).toMatchObject({
      problems: [{ id: 'STATE', row: { object: `role:${roleId}` } }],
    });
    expect(await count()).toBe(all);
  });
});

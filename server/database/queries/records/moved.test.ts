import { beforeAll, describe, expect, it } from 'vitest';
import { withDatabase } from '../../../testing/database.ts';
import { createTenant } from '../../../testing/harness.ts';
import { fetchOperations, fetchSight, raiseFleetRevisions } from './moved.ts';

const database = withDatabase();
let accountId: number;

beforeAll(async () => {
  ({ accountId } = (await createTenant(database.db)).account);
});

async function fleet(): Promise<number> {
  const { heads } = await fetchSight(database.db);
  return heads.find((head) => head.accountId === accountId)?.fleet ?? 0;
}

describe('a fleet revision', () => {
  it('is raised by transactions of one account at once, none of which waits, as each commits', async () => {
    const before = await fleet();
    const open = await Promise.all([1, 2, 3].map(() => database.db.startTransaction().execute()));
    // Whoever waited here would wait for ever.
    for (const tx of open) await raiseFleetRevisions(tx, [accountId]);
    const seen: number[] = [];
    for (const tx of open) {
      await tx.commit().execute();
      seen.push(await fleet());
    }
    expect(seen).toEqual([before + 1, before + 2, before + 3]);
    for (let turn = 0; turn < 5; turn++) await raiseFleetRevisions(database.db, [accountId]);
    const rows = await database.db.selectFrom('fleet_revisions').selectAll().execute();
    expect(rows).toHaveLength(3);
    expect(await fleet()).toBe(before + 8);
  });

  it('is as before where the change is rolled back', async () => {
    const before = await fleet();
    const tx = await database.db.startTransaction().execute();
    await raiseFleetRevisions(tx, [accountId]);
    await tx.rollback().execute();
    expect(await fleet()).toBe(before);
  });
});

it('of more than a thousand entries nobody is asked what they were', async () => {
  const steps = [
    { accountId, from: 0, to: 1_001 },
    { accountId: null, from: 0, to: 1 },
  ];
  const found = await fetchOperations(database.db, steps);
  expect(found.get(accountId)).toBeUndefined();
  expect(found.get(null)).toEqual([]);
});

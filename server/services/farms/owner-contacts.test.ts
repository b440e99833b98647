import { expect, test } from 'vitest';
import type { ServiceInput } from '#contract/operations.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant } from '../../testing/harness.ts';
import { createOldFarm } from '../../testing/rollouts.ts';

const database = withDatabase();
type Filters = ServiceInput<'ownerContactPreview'>['body']['filters'];

test('owners are found for some farms, and for those that a rollout moves before and after its start', async () => {
  const t = await createTenant(database.db);
  const [one, two, three] = [
    await createOldFarm(database.db, t, { servers: 1 }),
    await createOldFarm(database.db, t, { servers: 2 }),
    await createOldFarm(database.db, t, { servers: 3 }),
  ];
  const serversOf = async (filters: Filters) => {
    const { data } = await t.accountAdmin.call('ownerContactPreview', t.account, {
      body: { filters },
    });
    return data.owners.map(({ servers }) => servers).toSorted((a, b) => a - b);
  };
  expect(await serversOf({})).toEqual([1, 2, 3]);
  expect(await serversOf({ farms: [one.farmId, three.farmId] })).toEqual([1, 3]);
  const body = { farm: two.farmId };
  const { data: rollout } = await t.accountAdmin.call('rolloutPlan', t.account, { body });
  expect(await serversOf({ rollout: rollout.id })).toEqual([2]);
  const params = { rolloutId: rollout.id };
  await t.accountAdmin.call('rolloutStart', t.account, { params });
  expect(await serversOf({ rollout: rollout.id })).toEqual([2]);
  // Farms of others are not found by naming them.
  const other = await createTenant(database.db);
  const theirs = await createOldFarm(database.db, other, { servers: 1 });
  expect(await serversOf({ farms: [theirs.farmId] })).toEqual([]);
});

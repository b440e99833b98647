import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';
import { createOldFarm, passOnce } from '../../testing/rollouts.ts';

const database = withDatabase();

/** A farm of which a rollout has moved all servers, or some. */
async function movedFarm(
  passes: number,
  at?: (t: Tenant) => Tenant['account'] | Tenant['environment'],
) {
  const t = await createTenant(database.db);
  const farm = await createOldFarm(database.db, t, { servers: 3 });
  const scope = at?.(t) ?? t.account;
  const { data } = await t.accountAdmin.call('rolloutPlan', scope, { body: { farm: farm.farmId } });
  const params = { rolloutId: data.id };
  await t.accountAdmin.call('rolloutStart', scope, { params });
  for (let pass = 0; pass < passes; pass++) await passOnce(database.db);
  const images = async () => {
    const query = { farm: farm.farmId, live: true };
    return (await t.viewer.call('serverList', t.account, { query })).data.map(
      ({ image }) => image?.id,
    );
  };
  return { t, ...farm, params, images };
}

test('undone, the roles have their images back, and the servers that were moved are moved back', async () => {
  const { t, params, images, oldImage, newImage, replacementId } = await movedFarm(8);
  expect(await images()).toEqual(Array.from({ length: 3 }, () => newImage.id));
  const { data: back } = await t.accountAdmin.call('rolloutUndo', t.account, { params });
  expect(back).toMatchObject({
    state: 'running',
    undoes: { id: params.rolloutId },
    counts: { total: 3 },
  });
  for (let pass = 0; pass < 8; pass++) await passOnce(database.db);
  expect(await images()).toEqual(Array.from({ length: 3 }, () => oldImage.id));
  const undone = await t.viewer.call('rolloutGet', t.account, { params });
  expect(undone.data).toMatchObject({
    undoneBy: { id: back.id },
    actions: { undo: { allowed: false } },
  });
  const replacement = await t.viewer.call('replacementGet', t.account, {
    params: { replacementId },
  });
  expect(replacement.data.state).toBe('rolledBack');
});

test('undone in the middle, what waits stays and what moves is moved back', async () => {
  const { t, params, images, oldImage } = await movedFarm(2);
  await t.accountAdmin.call('rolloutUndo', t.account, { params });
  const { data } = await t.viewer.call('rolloutGet', t.account, { params });
  expect(data).toMatchObject({ state: 'cancelled', counts: { waiting: 0, moving: 0, baking: 0 } });
  for (let pass = 0; pass < 8; pass++) await passOnce(database.db);
  expect(await images()).toEqual(Array.from({ length: 3 }, () => oldImage.id));
});

test('where the images came from above, it is undone there', async () => {
  const { t, params } = await movedFarm(8, ({ environment }) => environment);
  const here = t.accountAdmin.call('rolloutUndo', t.environment, { params });
  await expect(here).rejects.toMatchObject({ code: 'ScopeViolation' });
  const { data } = await t.accountAdmin.call('rolloutUndo', t.account, { params });
  expect(data).toMatchObject({ scope: 'account', undoes: { id: params.rolloutId } });
  for (let pass = 0; pass < 8; pass++) await passOnce(database.db);
});

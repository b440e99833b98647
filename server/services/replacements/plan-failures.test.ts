import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { failAtEach } from '../../testing/failing-statements.ts';
import { createTenant } from '../../testing/harness.ts';

// Whichever statement fails, a replacement of several pairs is carried out and taken back whole, or not at all.

const database = withDatabase();
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
  for (const act of acts) expect(await failAtEach(database.url, act)).toBeGreaterThan(8);
  const { data } = await t.viewer.call('replacementGet', t.account, { params: input.params });
  expect(data).toMatchObject({ state: 'rolledBack', roles: 1 });
});

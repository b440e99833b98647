import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { type Client, createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

/** Two images, of which a role holds the first, and what plans and makes replacements of it. */
async function createCase() {
  const t = await createTenant(database.db);
  const [old, next] = [
    await insertImage(database.db, t.account),
    await insertImage(database.db, t.account),
  ];
  await insertRole(database.db, t.account, [old.id]);
  const body = { oldImage: { id: old.id }, newImage: { id: next.id } };
  return { t, plan: (who: Client) => who.call('replacementPlan', t.account, { body }) };
}

const idsOf = async (t: Tenant, query: object = {}, at = t.account) =>
  (await t.viewer.call('replacerList', at, { query })).data.map(({ id }) => id);

test('whoever planned or made a replacement is listed once, however many came after it', async () => {
  const { t, plan } = await createCase();
  await plan(t.viewer);
  const { data } = await plan(t.viewer);
  for (let count = 0; count < 101; count += 1) await plan(t.accountAdmin);
  const params = { replacementId: data.id };
  await t.corporateAdmin.call('replacementApply', t.account, { params });
  const people = [t.viewer.email, t.accountAdmin.email, t.corporateAdmin.email];
  expect((await idsOf(t)).toSorted()).toEqual(people.toSorted());
});

test('people who replace are found by part of a name or of a mail address', async () => {
  const { t, plan } = await createCase();
  await plan(t.viewer);
  await plan(t.accountAdmin);
  expect(await idsOf(t, { query: t.viewer.email.toUpperCase() })).toEqual([t.viewer.email]);
  const name = 'Person Who Replaces';
  await database.db
    .updateTable('users')
    .set({ name })
    .where('email', '=', t.accountAdmin.email)
    .execute();
  const { data } = await t.viewer.call('replacerList', t.account, { query: { query: 'who rep' } });
  expect(data).toEqual([{ id: t.accountAdmin.email, name }]);
});

test('a scope lists nobody for replacements that it does not see', async () => {
  const { t, plan } = await createCase();
  await plan(t.accountAdmin);
  const other = await createTenant(database.db);
  expect(await idsOf(other)).toEqual([]);
});

import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();

test('the images of a role say which version they are, and which newer one its scope could use', async () => {
  const t = await createTenant(database.db);
  const line = randomName('line');
  const inVersion = (at: ScopeRef, version: number, more: object = {}) =>
    insertImage(database.db, at, { name: `${line}-${version}`, ...more });
  const first = await inVersion(t.account, 1);
  const elsewhere = await inVersion(t.account, 2, { cloud_location: 'eu-west-1' });
  const role = await insertRole(database.db, t.account, [first.id, elsewhere.id]);
  // What an environment has of its own is of no use to a role of the account, nor is what is deprecated.
  await inVersion(t.environment, 3);
  await inVersion(t.account, 4, { deprecated_at: new Date(), deprecated_by: 'somebody' });
  const get = (at: ScopeRef) =>
    t.viewer.call('roleGet', at, {
      params: { roleId: String(role.id) },
      query: { include: 'images' },
    });
  const cells = async () =>
    Object.fromEntries(
      ((await get(t.environment)).data.images ?? []).map(({ image }) => [
        image.name,
        image.newer?.name ?? null,
      ]),
    );
  expect(await cells()).toEqual({ [`${line}-1`]: `${line}-2`, [`${line}-2`]: null });
  await inVersion(t.corporate, 10);
  expect(await cells()).toEqual({ [`${line}-1`]: `${line}-10`, [`${line}-2`]: `${line}-10` });
  const { data } = await get(t.account);
  const set = await t.viewer.call('imageSetList', t.account, {
    query: { id: String(data.images?.find(({ image }) => image.id === first.id)?.image.set.id) },
  });
  expect(set.data.map(({ name }) => name)).toEqual([`${line}-1`]);
});

import { expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();
const locations = ['us-east-1', 'us-west-2', 'eu-west-1'];

/** Two sets at an account, in three places and in the first two of them, and a role with the old images. */
async function createCase() {
  const t = await createTenant(database.db);
  const sets = [];
  for (const places of [locations, locations.slice(0, 2)]) {
    const name = randomName('build');
    const ids: string[] = [];
    for (const cloud_location of places)
      ids.push((await insertImage(database.db, t.account, { name, cloud_location })).id);
    const set = database.db.selectFrom('image_sets').where('name', '=', name).select('id');
    sets.push({ id: (await set.executeTakeFirstOrThrow()).id, ids });
  }
  const [old, next] = sets as [(typeof sets)[number], (typeof sets)[number]];
  const role = await insertRole(database.db, t.account, old.ids);
  return { t, old, next, role };
}

async function imagesOf(roleId: number): Promise<string[]> {
  const rows = await database.db
    .selectFrom('role_images')
    .where('role_id', '=', roleId)
    .select(['cloud_location', 'image_id'])
    .execute();
  return locations.flatMap((at) => rows.find((row) => row.cloud_location === at)?.image_id ?? []);
}

test('a set is replaced in one call, which tells what became of each place', async () => {
  const { t, old, next, role } = await createCase();
  const input = { params: { imageSetId: old.id }, body: { newImageSet: next.id } };
  const shown = await t.viewer.call('imageSetReplacePreview', t.account, input);
  expect(shown.data).toMatchObject({ allowed: false, counts: { change: 2, roles: 1 } });
  const { data, meta, warnings } = await t.accountAdmin.call('imageSetReplace', t.account, {
    ...input,
    digest: shown.data.digest,
  });
  expect(data.map(({ id }) => id)).toEqual([role.id]);
  expect(
    meta?.pairs.map(({ cloudLocation, outcome, roles }) => [cloudLocation, outcome, roles]),
  ).toEqual([
    ['us-east-1', 'change', 1],
    ['us-west-2', 'change', 1],
    ['eu-west-1', 'hole', 0],
  ]);
  expect(warnings.map(({ code }) => code)).toEqual(['Hole']);
  expect(await imagesOf(role.id)).toEqual([...next.ids, old.ids[2]]);
  const id = meta?.replacement?.id ?? '';
  const made = await t.viewer.call('replacementGet', t.account, { params: { replacementId: id } });
  expect(made.data).toMatchObject({ state: 'applied', planned: null, plan: null, roles: 1 });
  expect(made.data.pairs).toHaveLength(2);
});

test('replacing it again says that nothing is left, and makes no other replacement', async () => {
  const { t, old, next } = await createCase();
  const input = { params: { imageSetId: old.id }, body: { newImageSet: next.id } };
  await t.accountAdmin.call('imageSetReplace', t.account, input);
  const again = await t.accountAdmin.call('imageSetReplace', t.account, input);
  expect(again.data).toEqual([]);
  expect(again.meta?.replacement).toBeNull();
  expect(again.warnings.map(({ code }) => code)).toContain('NothingToReplace');
});

test('one place that cannot change keeps all as they are', async () => {
  const { t, old, next, role } = await createCase();
  const arm = await insertImage(database.db, t.account, { architecture: 'aarch64' });
  const pairs = [{ oldImage: old.ids[0] ?? '', newImage: arm.id }];
  const input = { params: { imageSetId: old.id }, body: { newImageSet: next.id, pairs } };
  const call = () => t.accountAdmin.call('imageSetReplace', t.account, input);
  await expect(call()).rejects.toMatchObject({ code: 'ConfigurationMismatch' });
  expect(await imagesOf(role.id)).toEqual(old.ids);
});

test('a set of another account is not found', async () => {
  const [{ t, next }, other] = [await createCase(), await createCase()];
  const input = { params: { imageSetId: other.old.id }, body: { newImageSet: next.id } };
  await expect(t.accountAdmin.call('imageSetReplace', t.account, input)).rejects.toMatchObject({
    code: 'ObjectNotFound',
  });
});

test('after all this, everything that must be true is', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

/** A set with an image in each of these places, and their ids by place. */
async function insertSet(at: ScopeRef, places: readonly string[], more: object = {}) {
  const name = `${randomName('web')}-1`;
  const ids: string[] = [];
  for (const place of places) {
    const [cloud_location, architecture = 'x86_64'] = place.split(' ') as [
      string,
      ('x86_64' | 'aarch64')?,
    ];
    const values = { name, cloud_location, architecture, ...more };
    ids.push((await insertImage(database.db, at, values)).id);
  }
  return { name, ids, setId: await setOf(ids[0]) };
}

async function setOf(id = ''): Promise<number> {
  const row = await database.db
    .selectFrom('images')
    .where('id', '=', id)
    .select('set_id')
    .executeTakeFirstOrThrow();
  return row.set_id ?? 0;
}

const imagesOf = (ids: readonly string[]) =>
  database.db
    .selectFrom('images')
    .where('id', 'in', ids)
    .selectAll()
    .orderBy('cloud_location')
    .execute();

/** The entries of the log about a set, with how much else each names. */
async function entriesOf(setId: number) {
  const rows = await database.db
    .selectFrom('operations_log')
    .where('object', '=', `imageSet:${setId}`)
    .select(['operation', 'others', 'reason'])
    .execute();
  return rows.map(({ operation, others, reason }) => ({
    operation,
    others: (others as unknown[] | null)?.length ?? 0,
    reason,
  }));
}

const outcomes = (results: { outcome: string; image: { cloudLocation: string } }[]) =>
  results.map(({ outcome, image }) => `${image.cloudLocation} ${outcome}`);

async function codeOf(call: Promise<unknown>) {
  return call.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
}

describe('an act on a set', () => {
  test('changes all its images in one entry of the log', async () => {
    const t = await createTenant(database.db);
    const { setId, ids, name } = await insertSet(t.account, ['eu-west-1', 'us-east-1']);
    const body = { name: `${name}-2`, description: 'tested' };
    const { data, meta } = await t.accountAdmin.call('imageSetUpdate', t.account, {
      params: { imageSetId: setId },
      body,
    });
    expect(outcomes(meta?.results ?? [])).toEqual(['eu-west-1 done', 'us-east-1 done']);
    expect(data).toMatchObject({ id: await setOf(ids[0]), ...body });
    expect(await imagesOf(ids)).toMatchObject([body, body]);
    expect(await entriesOf(setId)).toEqual([
      { operation: 'imageSetUpdate', others: 2, reason: null },
    ]);
  });

  test('is about the images that are named, and refuses one that is not of the set', async () => {
    const t = await createTenant(database.db);
    const { setId, ids } = await insertSet(t.account, ['eu-west-1', 'us-east-1']);
    const params = { imageSetId: setId };
    const stranger = await insertImage(database.db, t.account);
    const images = [ids[1] ?? ''];
    await t.accountAdmin.call('imageSetDeprecate', t.account, { params, body: { images } });
    const flags = (await imagesOf(ids)).map((row) => row.deprecated_at !== null);
    expect(flags).toEqual([false, true]);
    const foreign = { params, body: { images: [stranger.id] } };
    expect(await codeOf(t.accountAdmin.call('imageSetDeprecate', t.account, foreign))).toBe(
      'ObjectNotFound',
    );
  });

  test('changes nothing when one image is refused, unless it may be left out', async () => {
    const t = await createTenant(database.db);
    const { setId, ids } = await insertSet(t.environment, ['eu-west-1', 'us-east-1']);
    const role = await insertRole(database.db, t.environment, [ids[0] ?? '']);
    const params = { imageSetId: setId };
    const call = t.accountAdmin.call('imageSetDelete', t.environment, { params });
    await expect(call).rejects.toMatchObject({
      code: 'ObjectInUse',
      details: { blockers: [{ type: 'role', id: role.id, name: role.name }] },
    });
    expect((await imagesOf(ids)).filter((row) => row.deleted_at)).toEqual([]);
    const query = { onRefusal: 'skip' as const };
    const { data } = await t.accountAdmin.call('imageSetDelete', t.environment, { params, query });
    expect(outcomes(data.results)).toEqual(['eu-west-1 skipped', 'us-east-1 done']);
    expect(data.results[0]).toMatchObject({ code: 'ObjectInUse' });
    expect(data.imageSet?.id).toBe(setId);
    // Nothing is left that could be deleted.
    const again = t.accountAdmin.call('imageSetDelete', t.environment, { params, query });
    expect(await codeOf(again)).toBe('ObjectInUse');
  });

  test('writes and records nothing where all is as asked already', async () => {
    const t = await createTenant(database.db);
    const { setId, name } = await insertSet(t.account, ['eu-west-1']);
    const { meta } = await t.accountAdmin.call('imageSetUpdate', t.account, {
      params: { imageSetId: setId },
      body: { name },
    });
    expect(outcomes(meta?.results ?? [])).toEqual(['eu-west-1 unchanged']);
    expect(await entriesOf(setId)).toEqual([]);
  });

  test('does what its preview showed, or nothing', async () => {
    const t = await createTenant(database.db);
    const { setId, name } = await insertSet(t.account, ['eu-west-1', 'us-east-1']);
    const params = { imageSetId: setId };
    const preview = await t.accountAdmin.call('imageSetDeprecatePreview', t.account, { params });
    expect(preview.data).toMatchObject({ allowed: true, blockers: [] });
    expect(outcomes(preview.data.results)).toEqual(['eu-west-1 done', 'us-east-1 done']);
    await insertImage(database.db, t.account, { name, cloud_location: 'sa-east-1' });
    const { digest } = preview.data;
    const late = t.accountAdmin.call('imageSetDeprecate', t.account, { params, digest });
    await expect(late).rejects.toMatchObject({
      code: 'Conflict',
      details: { difference: { added: [{ what: 'is deprecated' }], gone: [] } },
    });
  });
});

test('deprecating a set recommends the image of the same place, where the other set has one', async () => {
  const t = await createTenant(database.db);
  const old = await insertSet(t.account, ['eu-west-1', 'us-east-1', 'us-east-1 aarch64']);
  const next = await insertSet(t.account, ['us-east-1', 'us-east-1 aarch64']);
  const params = { imageSetId: old.setId };
  const body = { replacement: next.setId, reason: 'CVE-1' };
  await t.accountAdmin.call('imageSetDeprecate', t.account, { params, body });
  const found = new Map((await imagesOf(old.ids)).map((row) => [row.id, row]));
  const recommended = old.ids.map((id) => found.get(id)?.deprecation_replacement_id);
  expect(recommended).toEqual([null, next.ids[0], next.ids[1]]);
  await t.accountAdmin.call('imageSetDeprecate', t.account, { params, body: { deprecate: false } });
  expect((await imagesOf(old.ids)).every((row) => row.deprecated_at === null)).toBe(true);
});

test('a set is protected as one change, and no image of it is deleted until that is ended', async () => {
  const t = await createTenant(database.db);
  const { setId, ids } = await insertSet(t.account, ['eu-west-1', 'us-east-1']);
  const params = { imageSetId: setId };
  await t.accountAdmin.call('imageProtect', t.account, {
    params: { imageId: ids[0] ?? '' },
    body: { reason: 'mine' },
  });
  const preview = await t.accountAdmin.call('imageSetProtectPreview', t.account, { params });
  expect(outcomes(preview.data.results)).toEqual(['eu-west-1 unchanged', 'us-east-1 done']);
  await t.accountAdmin.call('imageSetProtect', t.account, { params, body: {} });
  const reasons = (await imagesOf(ids)).map((row) => [
    row.protected_at !== null,
    row.protection_reason,
  ]);
  expect(reasons).toEqual([
    [true, 'mine'],
    [true, null],
  ]);
  const { data: set } = await t.viewer.call('imageSetGet', t.account, { params, query: {} });
  expect(set.images).toMatchObject({ total: 2, protected: 2 });
  expect(await codeOf(t.accountAdmin.call('imageSetDelete', t.account, { params }))).toBe(
    'UnacceptableState',
  );
  await t.accountAdmin.call('imageSetProtect', t.account, { params, body: { protect: false } });
  expect(await entriesOf(setId)).toMatchObject([
    { operation: 'imageSetProtect', others: 1 },
    { operation: 'imageSetProtect', others: 2 },
  ]);
  expect(await codeOf(t.accountAdmin.call('imageSetDelete', t.account, { params }))).toBe('done');
});

test('deleting a set passes recommendations on past the images that leave with it', async () => {
  const t = await createTenant(database.db);
  const { setId, ids } = await insertSet(t.account, ['eu-west-1', 'us-east-1']);
  const [first = '', second = ''] = ids;
  const kept = await insertImage(database.db, t.account);
  const asking = await insertImage(database.db, t.account);
  const chain = [asking.id, first, second, kept.id];
  for (const [index, id] of chain.slice(0, -1).entries())
    await database.db
      .updateTable('images')
      .set({
        deprecated_at: new Date(),
        deprecated_by: 'x',
        deprecation_replacement_id: chain[index + 1] ?? null,
      })
      .where('id', '=', id)
      .execute();
  const params = { imageSetId: setId };
  const { data } = await t.accountAdmin.call('imageSetDelete', t.account, { params });
  expect(data.imageSet).toBeNull();
  expect(await imagesOf([asking.id])).toMatchObject([{ deprecation_replacement_id: kept.id }]);
});

describe('copying a set', () => {
  test('fills the places where its line has images and it has none, once', async () => {
    const t = await createTenant(database.db);
    const { setId, name } = await insertSet(t.account, ['us-east-1', 'us-east-1 aarch64']);
    const before = name.replace(/-1$/, '-0');
    for (const cloud_location of ['us-east-1', 'eu-west-1', 'sa-east-1'])
      await insertImage(database.db, t.account, { name: before, cloud_location });
    const params = { imageSetId: setId };
    const { data } = await t.accountAdmin.call('imageSetCopy', t.account, { params, body: {} });
    const copies = data.results.map(
      ({ to, image }) => `${to?.cloudLocation} ${image.architecture}`,
    );
    expect(copies).toEqual([
      'eu-west-1 aarch64',
      'eu-west-1 x86_64',
      'sa-east-1 aarch64',
      'sa-east-1 x86_64',
    ]);
    expect(await imagesOf(data.results.map(({ made }) => made?.id ?? ''))).toHaveLength(4);
    const again = await t.accountAdmin.call('imageSetCopy', t.account, { params, body: {} });
    expect(again.data.results).toEqual([]);
  });

  test('of no image on EC2 is refused', async () => {
    const t = await createTenant(database.db);
    const { setId } = await insertSet(t.account, ['nova'], { cloud_platform: 'openstack' });
    const call = t.accountAdmin.call('imageSetCopy', t.account, {
      params: { imageSetId: setId },
      body: {},
    });
    expect(await codeOf(call)).toBe('InvalidValue');
  });
});

describe('adding a set to a role', () => {
  const addTo = (t: Tenant, imageSetId: number, body: { role: number; replace?: boolean }) =>
    t.accountAdmin.call('imageSetAddToRole', t.environment, { params: { imageSetId }, body });
  const heldBy = async (role: number) => {
    const rows = await database.db
      .selectFrom('role_images')
      .where('role_id', '=', role)
      .select('image_id')
      .orderBy('cloud_location')
      .execute();
    return rows.map((row) => row.image_id);
  };

  test('fills the empty places, and the others only when told to', async () => {
    const t = await createTenant(database.db);
    const { setId, ids } = await insertSet(t.account, ['eu-west-1', 'us-east-1']);
    const old = await insertImage(database.db, t.environment, { cloud_location: 'us-east-1' });
    const role = (await insertRole(database.db, t.environment, [old.id])).id;
    const first = await addTo(t, setId, { role });
    expect(outcomes(first.data.results)).toEqual(['eu-west-1 done', 'us-east-1 skipped']);
    expect(await heldBy(role)).toEqual([ids[0], old.id]);
    const second = await addTo(t, setId, { role, replace: true });
    expect(outcomes(second.data.results)).toEqual(['eu-west-1 unchanged', 'us-east-1 done']);
    expect(await heldBy(role)).toEqual(ids);
  });

  test('takes the architecture that the role has, and asks for it where the role has none', async () => {
    const t = await createTenant(database.db);
    const { setId, ids } = await insertSet(t.account, ['us-east-1', 'us-east-1 aarch64']);
    const empty = (await insertRole(database.db, t.environment)).id;
    expect(await codeOf(addTo(t, setId, { role: empty }))).toBe('InvalidValue');
    const arm = { cloud_location: 'eu-west-1', architecture: 'aarch64' as const };
    const held = await insertImage(database.db, t.environment, arm);
    const role = (await insertRole(database.db, t.environment, [held.id])).id;
    await addTo(t, setId, { role });
    expect(await heldBy(role)).toEqual([held.id, ids[1]]);
  });
});

describe('promoting a set', () => {
  test('moves its images together, with what they recommend of one another', async () => {
    const t = await createTenant(database.db);
    const { setId, ids, name } = await insertSet(t.environment, ['eu-west-1', 'us-east-1']);
    await database.db
      .updateTable('images')
      .set({
        deprecated_at: new Date(),
        deprecated_by: 'x',
        deprecation_replacement_id: ids[1] ?? '',
      })
      .where('id', '=', ids[0] ?? '')
      .execute();
    const params = { imageSetId: setId };
    const call = t.accountAdmin.call('imageSetPromote', t.environment, { params, body: {} });
    expect((await call).data).toMatchObject({ imageSet: { id: await setOf(ids[0]), name } });
    expect(await imagesOf(ids)).toMatchObject([{ scope: 'account' }, { scope: 'account' }]);
  });

  test('merges what is registered above only when told to, and says with what', async () => {
    const t = await createTenant(database.db);
    const { setId, ids } = await insertSet(t.environment, ['eu-west-1', 'us-east-1']);
    const [own] = await imagesOf(ids.slice(0, 1));
    const above = await insertImage(database.db, t.account, {
      cloud_location: 'eu-west-1',
      cloud_image_id: own?.cloud_image_id ?? '',
    });
    const params = { imageSetId: setId };
    const preview = await t.accountAdmin.call('imageSetPromotePreview', t.environment, {
      params,
      body: {},
    });
    expect(preview.data).toMatchObject({
      allowed: true,
      collisions: [{ id: above.id, mergeable: true }],
    });
    const { digest } = preview.data;
    const plain = t.accountAdmin.call('imageSetPromote', t.environment, {
      params,
      body: {},
      digest,
    });
    expect(await codeOf(plain)).toBe('UnicityViolation');
    const body = { merge: true };
    const { data } = await t.accountAdmin.call('imageSetPromote', t.environment, {
      params,
      body,
      digest,
    });
    expect(data.results.map(({ made }) => made?.id)).toEqual([above.id, undefined]);
  });
});

test('an image that a server runs stands in the way of its set, named with its farm', async () => {
  const t = await createTenant(database.db);
  const { setId, ids } = await insertSet(t.environment, ['us-east-1']);
  const role = await insertRole(database.db, t.environment, ids);
  const farm = await insertFarm(database.db, t.environment, role.id);
  await insertServers(database.db, farm.farmRoleId, ids[0] ?? '', 1);
  const { data } = await t.accountAdmin.call('imageSetDeletePreview', t.environment, {
    params: { imageSetId: setId },
    body: {},
  });
  expect(data.allowed).toBe(false);
  expect(data.blockers.map(({ type, farmId }) => [type, farmId])).toEqual([
    ['role', undefined],
    ['farmRole', farm.farmId],
    ['server', farm.farmId],
  ]);
});

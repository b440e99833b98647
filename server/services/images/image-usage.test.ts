import { describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();

/** A role at each level below the corporate image, each run by a farm. */
async function usedImage() {
  const t = await createTenant(database.db);
  const { db } = database;
  const image = await insertImage(db, t.corporate);
  const newer = await insertImage(db, t.corporate);
  const accountRole = await insertRole(db, t.account, [image.id]);
  const environmentRole = await insertRole(db, t.environment, [image.id]);
  const moved = await insertRole(db, t.environment, [newer.id]);
  const farm = await insertFarm(db, t.environment, environmentRole.id);
  const otherFarm = await insertFarm(db, t.otherEnvironment, accountRole.id);
  const movedFarm = await insertFarm(db, t.environment, moved.id);
  const idleFarm = await insertFarm(db, t.environment, accountRole.id);
  await insertServers(db, farm.farmRoleId, image.id, 2);
  await insertServers(db, farm.farmRoleId, image.id, 1, 'suspended');
  await insertServers(db, farm.farmRoleId, image.id, 1, 'terminated');
  await insertServers(db, otherFarm.farmRoleId, image.id, 4);
  await insertServers(db, movedFarm.farmRoleId, image.id, 3);
  const usage = async (at: ScopeRef) =>
    (await t.corporateAdmin.call('imageUsage', at, { params: { imageId: image.id } })).data;
  return { t, image, accountRole, environmentRole, farm, otherFarm, movedFarm, idleFarm, usage };
}

describe('the use of an image', () => {
  test('is shown at and below the scope, and nothing is said of the rest', async () => {
    const { t, environmentRole, usage } = await usedImage();
    const there = await usage(t.environment);
    expect(there.roles).toMatchObject({ total: 1, items: [{ id: environmentRole.id }] });
    expect(there.farms.total).toBe(3);
    expect(there.servers).toEqual({
      total: 6,
      stale: 3,
      byStatus: { running: 5, suspended: 1 },
    });
    expect(there).not.toHaveProperty('hidden');
    const all = await usage(t.corporate);
    expect(all.roles.total).toBe(2);
    expect(all.farms.total).toBe(4);
    expect(all.servers.total).toBe(10);
  });

  test('names farms that run it, and those whose roles would start it', async () => {
    const { t, farm, movedFarm, idleFarm, usage } = await usedImage();
    const { items } = (await usage(t.environment)).farms;
    const servers = Object.fromEntries(items.map((item) => [item.id, item.servers]));
    expect(servers).toEqual({ [farm.farmId]: 3, [movedFarm.farmId]: 3, [idleFarm.farmId]: 0 });
    expect(items[0]).toMatchObject({
      accountId: t.account.accountId,
      envId: t.environment.environmentId,
      ownerEmail: expect.stringMatching(/@example\.com$/),
    });
  });

  test('is not stale where the same cloud image is registered a second time', async () => {
    const t = await createTenant(database.db);
    const cloud_image_id = randomName('ami');
    const low = await insertImage(database.db, t.environment, { cloud_image_id });
    const high = await insertImage(database.db, t.account, { cloud_image_id });
    const role = await insertRole(database.db, t.environment, [high.id]);
    const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farmRoleId, low.id, 2);
    const input = { params: { imageId: low.id } };
    const { data } = await t.accountAdmin.call('imageUsage', t.environment, input);
    expect(data.servers).toMatchObject({ total: 2, stale: 0 });
  });

  test('of an image that is not visible does not exist', async () => {
    const t = await createTenant(database.db);
    const { id } = await insertImage(database.db, t.otherEnvironment);
    for (const operation of ['imageUsage', 'imageTwinList', 'imageRegistrationList'] as const)
      await expect(
        t.environmentAdmin.call(operation, t.environment, { params: { imageId: id } }),
      ).rejects.toMatchObject({ code: 'ObjectNotFound' });
  });
});

test('twins are the visible images of the same name, OS and architecture at other places', async () => {
  const t = await createTenant(database.db);
  const name = randomName('set');
  const add = (at: ScopeRef, values: object) => insertImage(database.db, at, { name, ...values });
  const image = await add(t.account, {});
  const west = await add(t.environment, { cloud_location: 'us-west-2' });
  const gce = await add(t.account, { cloud_platform: 'gce', cloud_location: '' });
  await add(t.environment, { cloud_image_id: randomName('same-place') });
  await add(t.otherEnvironment, { cloud_location: 'us-west-1' });
  await add(t.account, { cloud_location: 'eu-west-1', architecture: 'aarch64' });
  await add(t.account, { cloud_location: 'eu-west-1', os_id: 'ubuntu-22-04' });
  const input = { params: { imageId: image.id } };
  const { data } = await t.accountAdmin.call('imageTwinList', t.environment, input);
  expect(data.map((twin) => twin.id)).toEqual([west.id, gce.id]);
});

test('the other registrations of the same cloud image are listed at and below the scope', async () => {
  const t = await createTenant(database.db);
  const stranger = await createTenant(database.db);
  const cloud_image_id = randomName('ami');
  const add = (at: ScopeRef, values: object = {}) =>
    insertImage(database.db, at, { cloud_image_id, ...values });
  const image = await add(t.account);
  const copies = [await add(t.environment), await add(t.otherEnvironment)];
  const foreign = await add(stranger.account);
  await add(t.account, { cloud_location: 'eu-west-1' });
  const input = { params: { imageId: image.id } };
  const found = async (at: ScopeRef) =>
    (await t.corporateAdmin.call('imageRegistrationList', at, input)).data.map((copy) => copy.id);
  expect(await found(t.account)).toEqual(copies.map((copy) => copy.id));
  expect(await found(t.environment)).toEqual([copies[0]?.id]);
  const ofForeign = { params: { imageId: foreign.id } };
  const { data } = await t.corporateAdmin.call(
    'imageRegistrationList',
    stranger.account,
    ofForeign,
  );
  expect(data).toEqual([]);
});

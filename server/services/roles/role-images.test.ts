import { beforeEach, describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { swapRoleImages } from '../../database/queries/roles/role-images.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();
let t: Tenant;

beforeEach(async () => {
  t = await createTenant(database.db);
});

function add(role: { id: number }, imageId: string, at: ScopeRef = t.environment) {
  return t.accountAdmin.call('roleImageCreate', at, {
    params: { roleId: String(role.id) },
    body: { image: { id: imageId } },
  });
}

function replace(
  role: { id: number },
  imageId: string,
  newId: string,
  at: ScopeRef = t.environment,
) {
  return t.accountAdmin.call('roleImageReplace', at, {
    params: { roleId: String(role.id), imageId },
    body: { image: { id: newId } },
  });
}

function remove(role: { id: number }, imageId: string, at: ScopeRef = t.environment) {
  return t.accountAdmin.call('roleImageDelete', at, {
    params: { roleId: String(role.id), imageId },
  });
}

async function heldBy(role: { id: number }): Promise<string[]> {
  const { data } = await t.accountAdmin.call('roleImageList', t.environment, {
    params: { roleId: String(role.id) },
  });
  return data.map((item) => item.image.id);
}

function historyOf(role: { id: number }) {
  return database.db
    .selectFrom('role_image_history')
    .where('role_id', '=', role.id)
    .orderBy('id')
    .select(['old_image_id', 'new_image_id', 'by'])
    .execute();
}

describe('adding an image to a role', () => {
  test('links it, raises the version and keeps who did it', async () => {
    const image = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.environment);
    const { data } = await add(role, image.id);
    expect(data).toEqual({ image: { id: image.id }, role: { id: role.id } });
    expect(await heldBy(role)).toEqual([image.id]);
    expect(await historyOf(role)).toEqual([
      { old_image_id: null, new_image_id: image.id, by: t.accountAdmin.email },
    ]);
    const whole = await t.accountAdmin.call('roleImageGet', t.environment, {
      params: { roleId: String(role.id), imageId: image.id },
    });
    expect(whole.data).toMatchObject({ id: image.id, name: image.name });
    const seen = await t.accountAdmin.call('roleGet', t.environment, {
      params: { roleId: String(role.id) },
    });
    expect(seen.data.version).toBe(2);
  });

  test('a location holds one image only, and gce has one for all locations', async () => {
    for (const place of [
      { cloud_platform: 'ec2', cloud_location: 'us-east-1' },
      { cloud_platform: 'gce', cloud_location: '' },
    ]) {
      const [first, second] = [
        await insertImage(database.db, t.environment, place),
        await insertImage(database.db, t.environment, place),
      ];
      const role = await insertRole(database.db, t.environment, [first.id]);
      await expect(add(role, second.id)).rejects.toMatchObject({
        code: 'BadRequest',
        message: expect.stringContaining(first.name),
        details: { field: 'image.id', blockers: [{ id: first.id }] },
      });
      expect(await heldBy(role)).toEqual([first.id]);
    }
  });

  test.each([
    ['deprecated', { deprecated_at: new Date(), deprecated_by: 'test' }, 'Deprecated'],
    ['failed', { status: 'failed' as const }, 'UnacceptableImageStatus'],
    ['of another OS', { os_id: 'debian-12-x' }, 'OperatingSystemMismatch'],
    ['without an agent', { scalr_agent_installed: false }, 'UnacceptableImageStatus'],
  ])('an image that is %s cannot enter', async (_, values, code) => {
    const image = await insertImage(database.db, t.environment, values);
    const role = await insertRole(database.db, t.environment);
    await expect(add(role, image.id)).rejects.toMatchObject({ code });
    expect(await heldBy(role)).toEqual([]);
  });

  test('roles of higher scopes, and images that the scope does not see, are out of reach', async () => {
    const image = await insertImage(database.db, t.environment);
    const elsewhere = await insertImage(database.db, t.otherEnvironment);
    const ofAccount = await insertRole(database.db, t.account);
    const own = await insertRole(database.db, t.environment);
    await expect(add(ofAccount, image.id)).rejects.toMatchObject({ code: 'ScopeViolation' });
    await expect(add(ofAccount, image.id, t.account)).rejects.toMatchObject({
      code: 'ObjectNotFound',
      details: { field: 'image.id' },
    });
    await expect(add(own, elsewhere.id)).rejects.toMatchObject({ code: 'ObjectNotFound' });
    await expect(
      t.accountAdmin.call('roleImageCreate', t.environment, {
        params: { roleId: String(own.id) },
        body: { image: { id: image.id }, role: { id: own.id + 1 } },
      }),
    ).rejects.toMatchObject({ code: 'InvalidValue', details: { field: 'role.id' } });
  });
});

test('a place that no longer holds what one believed stays as it is, and its history too', async () => {
  const [held, believed, wanted] = [
    await insertImage(database.db, t.account),
    await insertImage(database.db, t.account),
    await insertImage(database.db, t.account),
  ];
  const role = await insertRole(database.db, t.environment, [held.id]);
  const place = { roleId: role.id, cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };
  const stamp = { at: new Date(), by: 'test@example.com' };
  for (const oldImageId of [believed.id, null]) {
    const swap = { ...place, oldImageId, newImageId: wanted.id };
    await expect(swapRoleImages(database.db, [swap], stamp)).rejects.toMatchObject({
      code: 'Conflict',
    });
  }
  expect(await heldBy(role)).toEqual([held.id]);
  expect(await historyOf(role)).toEqual([]);
});

describe('replacing an image of a role', () => {
  test('keeps farm roles running on the same place', async () => {
    const [old, next] = [
      await insertImage(database.db, t.environment),
      await insertImage(database.db, t.environment),
    ];
    const role = await insertRole(database.db, t.environment, [old.id]);
    await insertFarm(database.db, t.environment, role.id);
    await replace(role, old.id, next.id);
    expect(await heldBy(role)).toEqual([next.id]);
    await expect(replace(role, old.id, next.id)).rejects.toMatchObject({ code: 'ObjectNotFound' });
  });

  test.each([
    ['itself', undefined, 'InvalidValue'],
    ['one of another location', { cloud_location: 'us-west-2' }, 'BadRequest'],
    ['one of another platform', { cloud_platform: 'azure', cloud_location: '' }, 'BadRequest'],
    ['one of another architecture', { architecture: 'aarch64' as const }, 'ConfigurationMismatch'],
    ['one of another OS', { os_id: 'debian-12-x' }, 'OperatingSystemMismatch'],
    ['a deprecated one', { deprecated_at: new Date(), deprecated_by: 'test' }, 'Deprecated'],
    ['a failed one', { status: 'failed' as const }, 'UnacceptableImageStatus'],
  ])('by %s is refused', async (_, values, code) => {
    const old = await insertImage(database.db, t.environment);
    const role = await insertRole(database.db, t.environment, [old.id]);
    const next = values ? await insertImage(database.db, t.environment, values) : old;
    await expect(replace(role, old.id, next.id)).rejects.toMatchObject({
      code,
      details: { field: 'image.id' },
    });
    expect(await heldBy(role)).toEqual([old.id]);
    expect(await historyOf(role)).toEqual([]);
  });

  test('is a replacement of this role alone, which can be rolled back', async () => {
    const [old, next] = [
      await insertImage(database.db, t.account),
      await insertImage(database.db, t.account),
    ];
    const role = await insertRole(database.db, t.environment, [old.id]);
    const other = await insertRole(database.db, t.environment, [old.id]);
    const { data } = await replace(role, old.id, next.id);
    expect(data).toEqual({ image: { id: next.id }, role: { id: role.id } });
    const query = { image: next.id };
    const made = await t.viewer.call('replacementList', t.environment, { query });
    expect(made.data).toMatchObject([
      { oldImage: { id: old.id }, newImage: { id: next.id }, roles: 1, reach: ['environment'] },
    ]);
    expect(await heldBy(other)).toEqual([old.id]);
    const params = { replacementId: made.data[0]?.id ?? '' };
    await t.accountAdmin.call('replacementRollBack', t.environment, { params, body: {} });
    expect(await heldBy(role)).toEqual([old.id]);
    expect(await historyOf(role)).toHaveLength(2);
  });

  test('may go back to a deprecated image that was there before, which stays deprecated', async () => {
    const [old, next] = [
      await insertImage(database.db, t.environment),
      await insertImage(database.db, t.environment),
    ];
    const role = await insertRole(database.db, t.environment, [old.id]);
    const stranger = await insertRole(database.db, t.environment, [next.id]);
    await replace(role, old.id, next.id);
    await database.db
      .updateTable('images')
      .set({ deprecated_at: new Date(), deprecated_by: 'test' })
      .where('id', '=', old.id)
      .execute();
    const answer = await replace(role, next.id, old.id);
    expect(answer.warnings).toMatchObject([{ code: 'Deprecated' }]);
    await expect(replace(stranger, next.id, old.id)).rejects.toMatchObject({ code: 'Deprecated' });
    const back = await t.accountAdmin.call('roleImageGet', t.environment, {
      params: { roleId: String(role.id), imageId: old.id },
    });
    expect(back.data.deprecated).toBe(true);
  });
});

describe('removing an image from a role', () => {
  test('is refused where a farm role needs it, and names that farm role', async () => {
    const here = await insertImage(database.db, t.account);
    const spare = await insertImage(database.db, t.account, { cloud_location: 'us-west-2' });
    const role = await insertRole(database.db, t.account, [here.id, spare.id]);
    const farm = await insertFarm(database.db, t.otherEnvironment, role.id);
    await expect(remove(role, here.id, t.account)).rejects.toMatchObject({
      code: 'ObjectInUse',
      details: { blockers: [{ type: 'farmRole', id: farm.farmRoleId, farmId: farm.farmId }] },
    });
    await remove(role, spare.id, t.account);
    expect(await heldBy(role)).toEqual([here.id]);
    expect(await historyOf(role)).toMatchObject([{ old_image_id: spare.id, new_image_id: null }]);
  });

  test('needs the right to manage roles', async () => {
    const image = await insertImage(database.db, t.environment);
    const role = await insertRole(database.db, t.environment, [image.id]);
    await expect(
      t.viewer.call('roleImageDelete', t.environment, {
        params: { roleId: String(role.id), imageId: image.id },
      }),
    ).rejects.toMatchObject({ code: 'PermissionViolation' });
  });
});

test('the list of a role shows one image per place, in the order of the places', async () => {
  const places = ['us-west-2', 'eu-west-1', 'us-east-1'];
  const images = await Promise.all(
    places.map((cloud_location) => insertImage(database.db, t.environment, { cloud_location })),
  );
  const role = await insertRole(
    database.db,
    t.environment,
    images.map((image) => image.id),
  );
  const [west, ireland, east] = images.map((image) => image.id);
  expect(await heldBy(role)).toEqual([ireland, east, west]);
  const one = await t.viewer.call('roleImageList', t.environment, {
    params: { roleId: String(role.id) },
    query: { image: west, include: 'total' },
  });
  expect(one).toMatchObject({ data: [{ image: { id: west } }], page: { total: 1 } });
});

test('leaves every invariant true', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

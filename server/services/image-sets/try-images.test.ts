import { describe, expect, test } from 'vitest';
import type { ClientInput } from '#contract/operations.ts';
import { attachNewCredentials } from '../../testing/credentials.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import { createClient, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();
type Body = ClientInput<'imageTry'>['body'];

const tryIt = (t: Tenant, imageId: string, body: Body, client = t.environmentAdmin) =>
  client.call('imageTry', t.environment, { params: { imageId }, body });

const allNew = () => ({
  newRole: { name: randomName('trial'), category: 1 },
  newFarm: { name: randomName('Trial') },
});

async function logOf(t: Tenant) {
  return database.db
    .selectFrom('operations_log')
    .where('account_id', '=', t.account.accountId)
    .orderBy('revision')
    .select(['operation', 'object', 'others'])
    .execute();
}

async function countFarms(t: Tenant): Promise<number> {
  const rows = await database.db
    .selectFrom('farms')
    .where('environment_id', '=', t.environment.environmentId)
    .select('id')
    .execute();
  return rows.length;
}

describe('trying an image', () => {
  test('makes a role, a farm and a server in one change with one entry in the log', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.environment);
    const body = allNew();
    const { data: server } = await tryIt(t, image.id, { ...body, instanceType: 'm7g.large' });
    expect(server).toMatchObject({
      status: 'pending_launch',
      image: { id: image.id },
      stale: false,
      role: { name: body.newRole.name },
      farm: { name: body.newFarm.name },
      farmRole: { alias: body.newRole.name },
      instanceType: 'm7g.large',
      cloudLocation: 'us-east-1',
    });
    const params = { farmId: server.farm.id };
    const { data: farm } = await t.viewer.call('farmGet', t.environment, { params });
    expect(farm).toMatchObject({ status: 'running', owner: { email: t.environmentAdmin.email } });
    const [entry, ...more] = await logOf(t);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ operation: 'imageTry', object: `server:${server.id}` });
    const others = entry?.others as { object: string; after?: { version?: number } }[];
    expect(others.map(({ object }) => object.split(':')[0])).toEqual([
      'role',
      'roleImage',
      'farm',
      'farmRole',
      'image',
    ]);
    expect(others[2]?.after?.version).toBe(farm.version);
  });

  test('is refused beforehand where the credentials of the environment launch no servers', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.environment);
    await attachNewCredentials(database.db, t.account, t.environment, ['registerImages']);
    const { data } = await t.environmentAdmin.call('imageGet', t.environment, {
      params: { imageId: image.id },
      query: { include: 'actions' },
    });
    expect(data.actions?.try).toMatchObject({ allowed: false, code: 'UnacceptableState' });
    await expect(tryIt(t, image.id, allNew())).rejects.toMatchObject({
      code: 'UnacceptableState',
      message: data.actions?.try.reason,
    });
    expect(await countFarms(t)).toBe(0);
  });

  test('where the role and the farm are there and hold it, launches one more server', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.environment);
    const first = (await tryIt(t, image.id, allNew())).data;
    const there = { role: first.role.id, farm: first.farm.id };
    const second = (await tryIt(t, image.id, there)).data;
    expect(second).toMatchObject({ farmRole: first.farmRole, index: 2, image: { id: image.id } });
    expect((await logOf(t)).at(-1)?.others).toMatchObject([{ object: `image:${image.id}` }]);
    // There was room for two; the third takes more.
    await tryIt(t, image.id, there);
    const farmRole = { object: `farmRole:${first.farmRole.id}` };
    expect((await logOf(t)).at(-1)?.others).toMatchObject([farmRole, {}]);
  });

  test('a role that holds it may be of a scope above; it stays as it is', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.account, [image.id]);
    const { newFarm } = allNew();
    const { data } = await tryIt(t, image.id, { role: role.id, newFarm });
    expect(data.role.id).toBe(role.id);
    const empty = await insertRole(database.db, t.account);
    await expect(tryIt(t, image.id, { role: empty.id, newFarm })).rejects.toMatchObject({
      code: 'ScopeViolation',
    });
  });

  test('does not put it in the place of what others run', async () => {
    const t = await createTenant(database.db);
    const [image, other] = [
      await insertImage(database.db, t.environment),
      await insertImage(database.db, t.environment),
    ];
    const role = await insertRole(database.db, t.environment, [other.id]);
    const { newFarm } = allNew();
    await expect(tryIt(t, image.id, { role: role.id, newFarm })).rejects.toMatchObject({
      code: 'BadRequest',
      message: expect.stringContaining(`"${other.name}"`),
      details: { field: 'role.id' },
    });
  });

  test('is done wholly or not at all, and says which member is wrong', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.environment);
    const role = await insertRole(database.db, t.environment, [image.id]);
    const { farmId } = await insertFarm(database.db, t.environment, role.id);
    await database.db
      .updateTable('farms')
      .set({ status: 'terminated' })
      .where('id', '=', farmId)
      .execute();
    const { newRole, newFarm } = allNew();
    const refused: [Body, string, string][] = [
      [{ newRole }, 'InvalidStructure', 'farm'],
      [{ newRole, newFarm, farm: farmId }, 'InvalidStructure', 'farm'],
      [{ newRole: { ...newRole, name: role.name }, newFarm }, 'UnicityViolation', 'newRole.name'],
      [
        { newRole: { ...newRole, category: 999_999 }, newFarm },
        'InvalidValue',
        'newRole.category.id',
      ],
      [{ newRole, farm: farmId }, 'UnacceptableState', 'farm.id'],
      [{ newRole, farm: 999_999 }, 'ObjectNotFound', 'farm.id'],
      [{ role: 999_999, newFarm }, 'ObjectNotFound', 'role.id'],
      [{ newRole, newFarm, cloudLocation: 'eu-west-1' }, 'InvalidValue', 'cloudLocation'],
    ];
    for (const [body, code, field] of refused)
      await expect(tryIt(t, image.id, body), field).rejects.toMatchObject({
        code,
        details: { field },
      });
    expect(await countFarms(t)).toBe(1);
    expect(await logOf(t)).toEqual([]);
  });

  test('asks where, for a cloud whose images serve all regions', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.environment, {
      cloud_platform: 'gce',
      cloud_location: '',
    });
    await expect(tryIt(t, image.id, allNew())).rejects.toMatchObject({
      code: 'InvalidStructure',
      details: { field: 'cloudLocation' },
    });
    const { data } = await tryIt(t, image.id, { ...allNew(), cloudLocation: 'europe-west4' });
    expect(data).toMatchObject({ cloudPlatform: 'gce', cloudLocation: 'europe-west4' });
  });

  test('is for those who may change roles and launch servers', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.environment);
    const operator = await createClient(database.db, 'operator', t.environment);
    await expect(tryIt(t, image.id, allNew(), operator)).rejects.toMatchObject({
      code: 'PermissionViolation',
    });
    const manager = await createClient(database.db, 'image_manager', t.environment);
    await tryIt(t, image.id, allNew(), manager);
  });
});

describe('trying a set', () => {
  async function insertSet(t: Tenant) {
    const name = `${randomName('web')}-1`;
    const make = (cloud_location: string, values = {}) =>
      insertImage(database.db, t.environment, { name, cloud_location, ...values });
    const images = [await make('us-east-1'), await make('eu-west-1')];
    const row = database.db.selectFrom('images').where('id', '=', images[0]?.id ?? '');
    const { set_id: imageSetId } = await row.select('set_id').executeTakeFirstOrThrow();
    return { name, images, params: { imageSetId: imageSetId ?? 0 }, make };
  }

  test('gives the role all its images, and starts the one that is named', async () => {
    const t = await createTenant(database.db);
    const { images, params } = await insertSet(t);
    const call = (body: ClientInput<'imageSetTry'>['body']) =>
      t.environmentAdmin.call('imageSetTry', t.environment, { params, body });
    await expect(call(allNew())).rejects.toMatchObject({ details: { field: 'image' } });
    const { data } = await call({ ...allNew(), image: images[1]?.id });
    expect(data).toMatchObject({ image: { id: images[1]?.id }, cloudLocation: 'eu-west-1' });
    const held = await database.db
      .selectFrom('role_images')
      .where('role_id', '=', data.role.id)
      .select('image_id')
      .execute();
    expect(held.map((one) => one.image_id).sort()).toEqual(images.map(({ id }) => id).sort());
  });

  test('leaves out what cannot enter the role, and tells which', async () => {
    const t = await createTenant(database.db);
    const { images, params, make } = await insertSet(t);
    const failed = await make('sa-east-1', { status: 'failed' });
    const { data, warnings } = await t.environmentAdmin.call('imageSetTry', t.environment, {
      params,
      body: { ...allNew(), image: images[0]?.id },
    });
    expect(warnings).toMatchObject([{ code: 'UnacceptableImageStatus' }]);
    expect(data.status).toBe('pending_launch');
    await expect(
      t.environmentAdmin.call('imageSetTry', t.environment, {
        params,
        body: { ...allNew(), image: failed.id },
      }),
    ).rejects.toMatchObject({ code: 'UnacceptableImageStatus' });
  });
});

test('an image of another environment is not there to be tried', async () => {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.otherEnvironment);
  await expect(tryIt(t, image.id, allNew())).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

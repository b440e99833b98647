import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { settleServers } from '../../testing/fleet.ts';
import { createClient, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

/** A farm as its environment makes it: one farm role of 2 to 3 servers, not launched. */
async function newFarm(t: Tenant) {
  const image = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [image.id]);
  const farm = await t.environmentAdmin.call('farmCreate', t.environment, {
    body: { name: randomName('farm') },
  });
  const params = { farmId: farm.data.id };
  const farmRole = await t.environmentAdmin.call('farmRoleCreate', t.environment, {
    params,
    body: {
      alias: 'web',
      role: role.id,
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      instanceType: 'm7g.large',
      scaling: { minInstances: 2, maxInstances: 3 },
    },
  });
  return { image, role, params, farm: farm.data, farmRole: farmRole.data };
}

async function act(
  t: Tenant,
  verb: 'farmLaunch' | 'farmTerminate' | 'farmSuspend' | 'farmResume',
  params: { farmId: number },
) {
  const { data } = await t.environmentAdmin.call(verb, t.environment, { params });
  await settleServers(database.db);
  return data;
}

async function servers(t: Tenant, params: { farmId: number }) {
  return (await t.viewer.call('farmServerList', t.environment, { params })).data;
}

test('a launched farm fills each role to its minimum, on the image that the role has then', async () => {
  const t = await createTenant(database.db);
  const { image, role, params, farm } = await newFarm(t);
  expect(farm).toMatchObject({ status: 'terminated', owner: { email: t.environmentAdmin.email } });
  const next = await insertImage(database.db, t.account);
  await t.accountAdmin.call('imageReplace', t.account, {
    params: { imageId: image.id },
    body: { newImage: next.id },
  });
  expect(await act(t, 'farmLaunch', params)).toMatchObject({ status: 'running' });
  const running = await servers(t, params);
  expect(running).toHaveLength(2);
  for (const one of running) {
    expect(one).toMatchObject({
      status: 'running',
      image: { id: next.id },
      stale: false,
      instanceType: 'm7g.large',
      launchReason: 'Farm launched',
      launchedBy: { email: t.environmentAdmin.email },
      cloudServerId: expect.stringMatching(/^i-0[0-9a-f]{16}$/),
    });
  }
  expect(new Set(running.map(({ index }) => index))).toEqual(new Set([1, 2]));
  const used = await database.db
    .selectFrom('images')
    .where('id', 'in', [image.id, next.id])
    .where('last_used_at', 'is not', null)
    .select('id')
    .execute();
  expect(used).toEqual([{ id: next.id }]);
  const usedRole = await t.viewer.call('roleGet', t.account, { params: { roleId: role.id } });
  expect(usedRole.data.lastUsed).not.toBeNull();
});

test('a farm is launched, suspended, resumed, terminated and deleted, each in its turn', async () => {
  const t = await createTenant(database.db);
  const { params } = await newFarm(t);
  const refused = { code: 'UnacceptableState' };
  for (const verb of ['farmTerminate', 'farmSuspend', 'farmResume'] as const)
    await expect(act(t, verb, params)).rejects.toMatchObject(refused);
  await act(t, 'farmLaunch', params);
  await expect(act(t, 'farmLaunch', params)).rejects.toMatchObject(refused);
  const statuses = async () => (await servers(t, params)).map(({ status }) => status);
  expect(await act(t, 'farmSuspend', params)).toMatchObject({ status: 'suspended' });
  expect(await statuses()).toEqual(['suspended', 'suspended']);
  expect(await act(t, 'farmResume', params)).toMatchObject({ status: 'running' });
  expect(await statuses()).toEqual(['running', 'running']);
  const remove = () => t.environmentAdmin.call('farmDelete', t.environment, { params });
  await expect(remove()).rejects.toMatchObject({ code: 'ObjectInUse' });
  expect(await act(t, 'farmTerminate', params)).toMatchObject({ status: 'terminated' });
  expect(await statuses()).toEqual(['terminated', 'terminated']);
  await remove();
  await expect(t.viewer.call('farmGet', t.environment, { params })).rejects.toMatchObject({
    code: 'ObjectNotFound',
  });
});

test('a server that was never launched is called off with its farm', async () => {
  const t = await createTenant(database.db);
  const { params, farmRole, image } = await newFarm(t);
  await act(t, 'farmLaunch', params);
  const [serverId = ''] = await insertServers(
    database.db,
    farmRole.id,
    image.id,
    1,
    'pending_launch',
  );
  await database.db
    .updateTable('servers')
    .set({ image_id: null })
    .where('id', '=', serverId)
    .execute();
  await act(t, 'farmSuspend', params);
  const row = await t.viewer.call('serverGet', t.environment, { params: { serverId } });
  expect(row.data).toMatchObject({ status: 'terminated', image: null });
});

test('a farm with a server that cannot be suspended is not suspended at all', async () => {
  const t = await createTenant(database.db);
  const { params, farmRole, role } = await newFarm(t);
  await act(t, 'farmLaunch', params);
  const other = await insertImage(database.db, t.account, { type: 'instance-store' });
  const [id] = await insertServers(database.db, farmRole.id, other.id, 1);
  await expect(act(t, 'farmSuspend', params)).rejects.toMatchObject({
    code: 'ConfigurationMismatch',
    details: { blockers: [{ type: 'server', id }] },
  });
  expect((await servers(t, params)).every(({ status }) => status === 'running')).toBe(true);
  expect(role.id).toBe(farmRole.role.id);
});

test('a locked farm is neither changed nor launched nor deleted, until it is unlocked', async () => {
  const t = await createTenant(database.db);
  const { params, farmRole } = await newFarm(t);
  const admin = t.environmentAdmin;
  const at = t.environment;
  const operator = await createClient(database.db, 'operator', at);
  const body = { lockComment: 'Freeze', unlockPermission: 'owner' } as const;
  const { data } = await operator.call('farmLock', at, { params, body });
  expect(data.lock).toMatchObject({ by: operator.email, comment: 'Freeze' });
  const ofRole = { farmRoleId: farmRole.id };
  const attempts = [
    () => admin.call('farmLock', at, { params, body }),
    () => admin.call('farmLaunch', at, { params }),
    () => admin.call('farmUpdate', at, { params, body: { description: 'x' } }),
    () => admin.call('farmDelete', at, { params }),
    () => admin.call('farmRoleUpdate', at, { params: ofRole, body: { alias: 'x' } }),
    () => admin.call('farmRoleScalingUpdate', at, { params: ofRole, body: { minInstances: 1 } }),
    () => admin.call('farmRoleDelete', at, { params: ofRole }),
    () => admin.call('farmRoleClone', at, { params: ofRole, body: { name: 'x' } }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'Locked' });
  await expect(operator.call('farmUnlock', at, { params })).rejects.toMatchObject({
    code: 'PermissionViolation',
  });
  expect((await admin.call('farmUnlock', at, { params })).data.lock).toBeNull();
  await expect(admin.call('farmUnlock', at, { params })).rejects.toMatchObject({
    code: 'UnacceptableState',
  });
  await admin.call('farmUpdate', at, { params, body: { description: 'x' } });
});

test('a copy of a farm has its roles and no servers, and belongs to whoever made it', async () => {
  const t = await createTenant(database.db);
  const { params, farm, farmRole, role } = await newFarm(t);
  await act(t, 'farmLaunch', params);
  const name = randomName('copy');
  const copy = await t.accountAdmin.call('farmClone', t.environment, { params, body: { name } });
  expect(copy.data).toMatchObject({
    name,
    status: 'terminated',
    owner: { email: t.accountAdmin.email },
    launched: null,
  });
  const copied = await t.viewer.call('farmRoleList', t.environment, {
    params: { farmId: copy.data.id },
    query: { include: 'usage' },
  });
  const { id: _id, farm: _farm, ...same } = farmRole;
  expect(copied.data).toMatchObject([{ ...same, servers: { live: 0, old: 0 } }]);
  await expect(
    t.accountAdmin.call('farmClone', t.environment, { params, body: { name: farm.name } }),
  ).rejects.toMatchObject({ code: 'UnicityViolation', details: { field: 'name' } });
  await t.accountAdmin.call('roleDeprecate', t.account, { params: { roleId: role.id }, body: {} });
  await expect(
    t.accountAdmin.call('farmClone', t.environment, { params, body: { name: 'another' } }),
  ).rejects.toMatchObject({ code: 'Deprecated', details: { blockers: [{ id: role.id }] } });
});

test('a farm changes as asked, and only its own version', async () => {
  const t = await createTenant(database.db);
  const { params, farm } = await newFarm(t);
  const send = (body: object, ifMatch?: number) =>
    t.environmentAdmin.call('farmUpdate', t.environment, {
      params,
      body,
      ...(ifMatch !== undefined && { ifMatch }),
    });
  // The command line sends back all that it read.
  const { name, description, owner, project, timezone, launchOrder } = farm;
  const read = { name, description, owner, project, timezone, launchOrder };
  expect((await send(read)).data).toEqual(farm);
  const changed = await send({ ...read, timezone: 'Europe/Berlin', launchOrder: 'sequential' });
  expect(changed.data).toMatchObject({ timezone: 'Europe/Berlin', version: farm.version + 1 });
  await expect(send({ name: 'x' }, farm.version)).rejects.toMatchObject({
    code: 'PreconditionFailed',
  });
  const operator = await createClient(database.db, 'operator', t.environment);
  const { id } = await database.db
    .selectFrom('users')
    .where('email', '=', operator.email)
    .select('id')
    .executeTakeFirstOrThrow();
  expect((await send({ owner: id })).data.owner.email).toBe(operator.email);
  const stranger = await insertFarm(database.db, t.environment, (await newFarm(t)).role.id);
  const other = await t.viewer.call('farmGet', t.environment, {
    params: { farmId: stranger.farmId },
  });
  await expect(send({ owner: other.data.owner.id })).rejects.toMatchObject({
    code: 'ObjectNotFound',
  });
  await expect(send({ project: randomUuid })).rejects.toMatchObject({
    code: 'InvalidValue',
    details: { field: 'project.id' },
  });
});
const randomUuid = '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11';

test.each([{ timezone: 'Mars/Base' }, { launchOrder: 'random' }, { owner: 1 }, { name: '' }])(
  'a farm cannot be made with %o',
  async (wrong) => {
    const t = await createTenant(database.db);
    const body = { name: randomName('farm'), ...wrong } as { name: string };
    await expect(
      (async () => t.environmentAdmin.call('farmCreate', t.environment, { body }))(),
    ).rejects.toMatchObject({ name: 'ZodError' });
  },
);

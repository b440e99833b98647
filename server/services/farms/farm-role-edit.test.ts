import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { settleServers } from '../../testing/fleet.ts';
import { type CallInput, createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();
type Body = NonNullable<CallInput<'farmRoleCreate'>['body']>;

async function setUp() {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.account);
  const west = await insertImage(database.db, t.account, { cloud_location: 'us-west-2' });
  const role = await insertRole(database.db, t.account, [image.id, west.id]);
  const farm = await insertFarm(database.db, t.environment, role.id);
  const create = (body: Partial<Body>) =>
    t.environmentAdmin.call('farmRoleCreate', t.environment, {
      params: { farmId: farm.farmId },
      body: { alias: 'web', role: role.id, cloudPlatform: 'ec2', ...body } as Body,
    });
  return { t, image, west, role, farm, create };
}

function update(
  t: Tenant,
  farmRoleId: number,
  body: NonNullable<CallInput<'farmRoleUpdate'>['body']>,
) {
  const params = { farmRoleId };
  return t.environmentAdmin.call('farmRoleUpdate', t.environment, { params, body });
}

test('a Role enters a farm in either spelling, and is kept from 1 to 2 servers unless it is said', async () => {
  const { create, image, west, role } = await setUp();
  const { data } = await create({ cloudLocation: 'us-east-1', instanceType: { id: 't3.micro' } });
  expect(data).toMatchObject({
    alias: 'web',
    role: { id: role.id },
    image: { id: image.id },
    scaling: { enabled: true, minInstances: 1, maxInstances: 2 },
    instanceType: 't3.micro',
    instance: {
      instanceConfigurationType: 'AwsInstanceConfiguration',
      instanceType: { id: 't3.micro' },
    },
    placement: {
      placementConfigurationType: 'AwsClassicPlacementConfiguration',
      region: 'us-east-1',
    },
    version: 1,
  });
  const old = await create({
    alias: 'old',
    cloudPlatform: undefined,
    platform: 'ec2',
    placement: { region: 'us-west-2' },
    instance: { instanceType: { id: 't3.micro' } },
    role: { id: role.id },
  });
  expect(old.data).toMatchObject({ cloudLocation: 'us-west-2', image: { id: west.id } });
});

test('what a farm role needs to start servers must be there', async () => {
  const { t, create, role } = await setUp();
  const east = { cloudLocation: 'us-east-1' };
  await create(east);
  const cases: [Partial<Body>, string, string][] = [
    [east, 'InvalidValue', 'alias'],
    [{ alias: 'b' }, 'InvalidStructure', 'cloudLocation'],
    [{ alias: 'b', ...east, cloudPlatform: undefined }, 'InvalidStructure', 'cloudPlatform'],
    [{ alias: 'b', cloudLocation: 'eu-west-1' }, 'InvalidValue', 'cloudLocation'],
    [{ alias: 'b', ...east, platform: 'gce' }, 'InvalidValue', 'platform'],
    [
      { alias: 'b', ...east, placement: { region: 'us-west-2' } },
      'InvalidValue',
      'placement.region',
    ],
    [
      { alias: 'b', ...east, scaling: { minInstances: 3, maxInstances: 2 } },
      'InvalidValue',
      'scaling.maxInstances',
    ],
  ];
  for (const [body, code, field] of cases)
    await expect(create(body), JSON.stringify(body)).rejects.toMatchObject({
      code,
      details: { field },
    });
  const elsewhere = await insertRole(database.db, t.otherEnvironment);
  await expect(create({ alias: 'b', ...east, role: elsewhere.id })).rejects.toMatchObject({
    code: 'ObjectNotFound',
  });
  await t.accountAdmin.call('roleDeprecate', t.account, { params: { roleId: role.id }, body: {} });
  await expect(create({ alias: 'b', ...east })).rejects.toMatchObject({ code: 'Deprecated' });
});

test('a farm role of a Role that was deprecated can still be changed', async () => {
  const { t, create, role } = await setUp();
  const { data } = await create({ cloudLocation: 'us-east-1' });
  await t.accountAdmin.call('roleDeprecate', t.account, { params: { roleId: role.id }, body: {} });
  // The command line sends back all that it read.
  const { alias, cloudLocation, instanceType, placement, instance, scaling } = data;
  const place = { cloudPlatform: 'ec2', platform: 'ec2', cloudLocation, placement } as const;
  const read = { alias, role: data.role, ...place, instanceType, instance, scaling };
  expect((await update(t, data.id, read)).data).toMatchObject({ version: 1 });
  const changed = await update(t, data.id, { ...read, instanceType: 'm7g.large' });
  expect(changed.data).toMatchObject({ instanceType: 'm7g.large', version: 2 });
});

test('the servers of a farm role that goes over to another Role are stale from then on', async () => {
  const { t, create, image } = await setUp();
  const { data } = await create({ cloudLocation: 'us-east-1' });
  const [serverId = ''] = await insertServers(database.db, data.id, image.id, 1);
  const next = await insertImage(database.db, t.account);
  const nextRole = await insertRole(database.db, t.account, [next.id]);
  const changed = await update(t, data.id, { role: { id: nextRole.id } });
  expect(changed.data).toMatchObject({ role: { id: nextRole.id }, image: { id: next.id } });
  const { data: server } = await t.viewer.call('serverGet', t.account, { params: { serverId } });
  expect(server).toMatchObject({
    image: { id: image.id },
    roleImage: { id: next.id },
    stale: true,
  });
  const usage = await t.viewer.call('farmRoleGet', t.environment, {
    params: { farmRoleId: data.id },
    query: { include: 'usage' },
  });
  expect(usage.data.servers).toEqual({ live: 1, old: 1 });
  const arm = await insertRole(database.db, t.account, [], { os_id: 'debian-12-x' });
  await expect(update(t, data.id, { role: arm.id })).rejects.toMatchObject({
    code: 'OperatingSystemMismatch',
  });
});

test('a farm role moves only while it has no servers', async () => {
  const { t, create, image, west } = await setUp();
  const { data } = await create({ cloudLocation: 'us-east-1' });
  const [serverId = ''] = await insertServers(database.db, data.id, image.id, 1);
  const move = () =>
    t.environmentAdmin.call('farmRolePlacementUpdate', t.environment, {
      params: { farmRoleId: data.id },
      body: { region: 'us-west-2' },
    });
  await expect(move()).rejects.toMatchObject({ code: 'ObjectInUse' });
  await t.environmentAdmin.call('serverTerminate', t.environment, { params: { serverId } });
  await settleServers(database.db);
  expect((await move()).data).toMatchObject({ region: 'us-west-2' });
  const moved = await t.viewer.call('farmRoleGet', t.environment, {
    params: { farmRoleId: data.id },
  });
  expect(moved.data.image.id).toBe(west.id);
});

test('the parts of a farm role are read and changed by themselves', async () => {
  const { t, create } = await setUp();
  const { data } = await create({ cloudLocation: 'us-east-1', instanceType: 't3.micro' });
  const params = { farmRoleId: data.id };
  const read = async (part: 'Scaling' | 'Instance' | 'Placement') =>
    (await t.viewer.call(`farmRole${part}Get`, t.account, { params })).data;
  const at = t.environment;
  await t.environmentAdmin.call('farmRoleScalingUpdate', at, { params, body: { minInstances: 3 } });
  expect(await read('Scaling')).toEqual({ enabled: true, minInstances: 3, maxInstances: 3 });
  await t.environmentAdmin.call('farmRoleInstanceUpdate', at, {
    params,
    body: { ...data.instance, instanceType: { id: 'm7g.large' } },
  });
  expect(await read('Instance')).toMatchObject({ instanceType: { id: 'm7g.large' } });
  expect(await read('Placement')).toEqual(data.placement);
  await expect(
    t.environmentAdmin.call('farmRoleInstanceUpdate', at, {
      params,
      body: { instanceConfigurationType: 'GceInstanceConfiguration', instanceType: 'x' },
    }),
  ).rejects.toMatchObject({ code: 'InvalidValue' });
});

test('a farm role that is taken out takes its servers along', async () => {
  const { t, create, image } = await setUp();
  const { data } = await create({ cloudLocation: 'us-east-1' });
  const [serverId = ''] = await insertServers(database.db, data.id, image.id, 2);
  await insertServers(database.db, data.id, image.id, 1, 'terminated');
  const params = { farmRoleId: data.id };
  await t.environmentAdmin.call('farmRoleDelete', t.environment, { params });
  await expect(
    t.viewer.call('serverGet', t.environment, { params: { serverId } }),
  ).rejects.toMatchObject({ code: 'ObjectNotFound' });
  const log = await database.db
    .selectFrom('operations_log')
    .where('object', '=', `farmRole:${data.id}`)
    .where('operation', '=', 'farmRoleDelete')
    .select(['before', 'others'])
    .executeTakeFirstOrThrow();
  expect(log.before).toMatchObject({ id: data.id, alias: 'web' });
  const servers = log.others as { object: string; before: { status: string } }[];
  const running = servers.filter(({ before }) => before.status === 'running');
  expect([servers.length, running.length]).toEqual([3, 2]);
  expect(servers.map(({ object }) => object)).toContain(`server:${serverId}`);
});

test('a farm role is copied into its farm or another one of the environment', async () => {
  const { t, create, role, farm } = await setUp();
  const { data } = await create({ cloudLocation: 'us-east-1', scaling: { minInstances: 2 } });
  const other = await insertFarm(database.db, t.environment, role.id);
  const foreign = await insertFarm(database.db, t.otherEnvironment, role.id);
  const clone = (name: string, to?: number) =>
    t.environmentAdmin.call('farmRoleClone', t.environment, {
      params: { farmRoleId: data.id },
      body: { name, ...(to !== undefined && { farm: { id: to } }) },
    });
  const { id: _, ...same } = data;
  expect((await clone('web-2')).data).toMatchObject({ ...same, alias: 'web-2' });
  expect((await clone('web', other.farmId)).data.farm.id).toBe(other.farmId);
  await expect(clone('web', farm.farmId)).rejects.toMatchObject({
    code: 'InvalidValue',
    details: { field: 'name' },
  });
  await expect(clone('web', foreign.farmId)).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

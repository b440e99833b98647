import { expect, test } from 'vitest';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { settleServers } from '../../testing/fleet.ts';
import { createClient, createTenant } from '../../testing/harness.ts';

const database = withDatabase();

async function setUp(status: ServerStatus = 'running', imageType?: string) {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.account, { type: imageType ?? null });
  const role = await insertRole(database.db, t.account, [image.id]);
  const farm = await insertFarm(database.db, t.environment, role.id);
  const [serverId = ''] = await insertServers(database.db, farm.farmRoleId, image.id, 1, status);
  return { t, image, role, farm, serverId, params: { serverId } };
}

test('a server is suspended, resumed, rebooted and terminated, and each step is recorded', async () => {
  const { t, params, serverId } = await setUp();
  const operator = await createClient(database.db, 'operator', t.environment);
  const at = t.environment;
  const status = async () => (await t.viewer.call('serverGet', at, { params })).data.status;
  const suspend = await operator.call('serverSuspend', at, { params });
  expect(suspend.data.status).toBe('pending_suspend');
  await settleServers(database.db);
  expect(await status()).toBe('suspended');
  await expect(operator.call('serverReboot', at, { params })).rejects.toMatchObject({
    code: 'UnacceptableState',
  });
  expect((await operator.call('serverResume', at, { params })).data.status).toBe('resuming');
  await settleServers(database.db);
  expect(await status()).toBe('running');
  const reboot = await operator.call('serverReboot', at, { params, body: { hard: true } });
  expect(reboot.data.status).toBe('running');
  const end = await operator.call('serverTerminate', at, { params, body: { force: true } });
  expect(end.data).toMatchObject({ status: 'pending_terminate' });
  await settleServers(database.db);
  const ended = await t.viewer.call('serverGet', at, { params });
  expect(ended.data).toMatchObject({ status: 'terminated', publicIp: [], privateIp: [] });
  await expect(operator.call('serverTerminate', at, { params })).rejects.toMatchObject({
    code: 'UnacceptableState',
  });
  const log = await database.db
    .selectFrom('operations_log')
    .where('object', '=', `server:${serverId}`)
    .orderBy('revision')
    .select(['operation', 'actor', 'after', 'options'])
    .execute();
  expect(log).toMatchObject([
    { operation: 'serverSuspend', actor: operator.email, after: { status: 'pending_suspend' } },
    { operation: 'serverResume', after: { status: 'resuming' } },
    { operation: 'serverReboot', options: { hard: true }, after: { status: 'running' } },
    {
      operation: 'serverTerminate',
      options: { force: true },
      after: { status: 'pending_terminate' },
    },
  ]);
});

test('a viewer runs no servers, and nobody reaches those of another environment', async () => {
  const { t, params, farm } = await setUp();
  await expect(t.viewer.call('serverSuspend', t.environment, { params })).rejects.toMatchObject({
    code: 'PermissionViolation',
  });
  await expect(
    t.accountAdmin.call('serverSuspend', t.otherEnvironment, { params }),
  ).rejects.toMatchObject({ code: 'ObjectNotFound' });
  await expect(
    t.accountAdmin.call('serverLaunch', t.otherEnvironment, {
      body: { farmRole: farm.farmRoleId },
    }),
  ).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

test('one more server is launched by either operation, and a full farm role makes room', async () => {
  const { t, farm, image } = await setUp();
  const params = { farmRoleId: farm.farmRoleId };
  await t.environmentAdmin.call('farmRoleScalingUpdate', t.environment, {
    params,
    body: { maxInstances: 2 },
  });
  const first = await t.environmentAdmin.call('farmRoleServerLaunch', t.environment, { params });
  expect(first.data).toMatchObject({ index: 2, status: 'pending_launch', image: { id: image.id } });
  await settleServers(database.db);
  const second = await t.environmentAdmin.call('serverLaunch', t.environment, {
    body: { farmRole: { id: farm.farmRoleId } },
  });
  expect(second.data).toMatchObject({ index: 3, launchReason: 'Launched by hand' });
  const scaling = await t.viewer.call('farmRoleScalingGet', t.environment, { params });
  expect(scaling.data).toEqual({ enabled: true, minInstances: 1, maxInstances: 3 });
  const { data } = await t.viewer.call('farmRoleServerList', t.account, { params });
  expect(data.map(({ index }) => index)).toEqual([1, 2, 3]);
});

test('servers of a deprecated Role and image can still be launched, of a farm at rest none', async () => {
  const { t, farm, image, role } = await setUp();
  await t.accountAdmin.call('roleDeprecate', t.account, { params: { roleId: role.id }, body: {} });
  await t.accountAdmin.call('imageDeprecate', t.account, {
    params: { imageId: image.id },
    body: {},
  });
  const params = { farmRoleId: farm.farmRoleId };
  const launch = () => t.environmentAdmin.call('farmRoleServerLaunch', t.environment, { params });
  expect((await launch()).data.image?.id).toBe(image.id);
  await t.environmentAdmin.call('farmTerminate', t.environment, {
    params: { farmId: farm.farmId },
  });
  await expect(launch()).rejects.toMatchObject({ code: 'UnacceptableState' });
});

test('a server from an instance store is not suspended', async () => {
  const { t, params } = await setUp('running', 'instance-store');
  await expect(
    t.environmentAdmin.call('serverSuspend', t.environment, { params }),
  ).rejects.toMatchObject({ code: 'ConfigurationMismatch' });
});

test('a server gets another host name, and no text that is none', async () => {
  const { t, params } = await setUp();
  const rename = async (hostname: string) =>
    t.environmentAdmin.call('serverUpdate', t.environment, { params, body: { hostname } });
  expect((await rename('web-1.example.com')).data.hostname).toBe('web-1.example.com');
  for (const wrong of ['-a', 'a b', 'a..b', 'a_b', `${'a'.repeat(64)}.com`, 'ä.de'])
    await expect(rename(wrong), wrong).rejects.toMatchObject({ name: 'ZodError' });
  expect((await rename('')).data.hostname).toBe('');
});

test('each filter of servers leaves those that it names', async () => {
  const { t, farm, serverId } = await setUp();
  const { data: other } = await t.environmentAdmin.call('farmRoleServerLaunch', t.environment, {
    params: { farmRoleId: farm.farmRoleId },
  });
  await settleServers(database.db);
  const { data: launched } = await t.viewer.call('serverGet', t.environment, {
    params: { serverId: other.id },
  });
  await database.db
    .updateTable('servers')
    .set({ hostname: 'web-1', public_ip: '203.0.113.7', instance_type: 'm7g.large' })
    .where('id', '=', serverId)
    .execute();
  const launcher = other.launchedBy?.id ?? 0;
  for (const [query, expected] of [
    [{ hostname: 'web-1' }, serverId],
    [{ hostname: 'web' }, undefined],
    [{ publicIp: '203.0.113.7' }, serverId],
    [{ publicIp: '203.0.113.8' }, undefined],
    [{ publicIp: 'anywhere' }, undefined],
    [{ privateIp: launched.privateIp[0] }, other.id],
    [{ instanceType: 'm7g.large' }, serverId],
    [{ type: 'm7g.large' }, serverId],
    [{ index: 2 }, other.id],
    [{ launchReason: 'Launched by hand' }, other.id],
    [{ launchedBy: launcher }, other.id],
  ] as const) {
    for (const list of ['serverList', 'farmServerList', 'farmRoleServerList'] as const) {
      const params = { farmId: farm.farmId, farmRoleId: farm.farmRoleId };
      const found = await t.viewer.call(list, t.environment, { params, query } as never);
      expect(
        found.data.map(({ id }) => id),
        JSON.stringify(query),
      ).toEqual(expected === undefined ? [] : [expected]);
    }
  }
});

import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant } from '../../testing/harness.ts';

const database = withDatabase();

async function setUp(servers: number, minInstances: number) {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [image.id]);
  const { farmId, farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  const [serverId = ''] = await insertServers(database.db, farmRoleId, image.id, servers);
  const params = { farmRoleId };
  const body = { minInstances, maxInstances: 5 };
  await t.accountAdmin.call('farmRoleScalingUpdate', t.environment, { params, body });
  const minimum = async () =>
    (await t.accountAdmin.call('farmRoleGet', t.environment, { params })).data.scaling.minInstances;
  const terminate = (lowerMinimum?: boolean) =>
    t.accountAdmin.call('serverTerminate', t.environment, {
      params: { serverId },
      body: { ...(lowerMinimum !== undefined && { lowerMinimum }) },
    });
  return { t, image, farmId, farmRoleId, serverId, minimum, terminate };
}

test('a server that is terminated with lowerMinimum leaves a farm role that keeps what stays', async () => {
  const { minimum, terminate, serverId, farmRoleId } = await setUp(2, 2);
  await terminate(true);
  expect(await minimum()).toBe(1);
  const entry = await database.db
    .selectFrom('operations_log')
    .where('object', '=', `server:${serverId}`)
    .select(['operation', 'others'])
    .executeTakeFirstOrThrow();
  expect(entry).toMatchObject({
    operation: 'serverTerminate',
    others: [{ before: { id: farmRoleId }, after: { scaling: { minInstances: 1 } } }],
  });
});

test('a minimum that is met without the server stays, as does one that nobody asked to lower', async () => {
  const more = await setUp(3, 2);
  await more.terminate(true);
  expect(await more.minimum()).toBe(2);
  const unasked = await setUp(2, 2);
  await unasked.terminate();
  expect(await unasked.minimum()).toBe(2);
});

test('in a locked farm a server is terminated, but no minimum is lowered with it', async () => {
  const { t, farmId, minimum, terminate } = await setUp(2, 2);
  await t.accountAdmin.call('farmLock', t.environment, { params: { farmId }, body: {} });
  await expect(terminate(true)).rejects.toMatchObject({ code: 'Locked' });
  expect(await minimum()).toBe(2);
  await expect(terminate()).resolves.toBeDefined();
});

test('what follows from a termination is told beforehand, by whichever scope it is asked from', async () => {
  const { t, serverId, image, farmRoleId } = await setUp(2, 2);
  const read = async () => {
    const input = { params: { serverId }, query: { include: 'actions' } };
    return (await t.accountAdmin.call('serverGet', t.account, input)).data.afterTermination;
  };
  expect(await read()).toMatchObject({
    starts: { id: image.id },
    reason: `A new one will start on ${image.name}.`,
    minInstances: 2,
    lowersTo: 1,
  });
  await insertServers(database.db, farmRoleId, image.id, 1, 'suspended');
  expect(await read()).toMatchObject({ starts: null, lowersTo: null });
});

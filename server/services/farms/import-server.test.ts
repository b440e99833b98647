import { afterEach, expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { group, image, observe, readAll, server, template } from '../../testing/estates.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import { openPromptClouds, settleClouds } from '../../testing/fleet.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

afterEach(async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

const rights = ['terminateServers', 'launchServers'] as const;

/** An environment with a farm of its own whose Role has `ami-2`, and servers that were found. */
async function newWorld() {
  const t = await createTenant(database.db);
  const [old, now] = await Promise.all(
    ['ami-1', 'ami-2'].map((cloud_image_id) =>
      insertImage(database.db, t.environment, { cloud_image_id, cloud_location: 'eu-west-1' }),
    ),
  );
  const role = await insertRole(database.db, t.environment, [now?.id ?? '']);
  const { farmId, farmRoleId } = await insertFarm(database.db, t.environment, role.id, {
    cloudLocation: 'eu-west-1',
  });
  const estate = [
    image('ami-1'),
    image('ami-2'),
    image('ami-3'),
    template('ami-2'),
    group('web'),
    server('i-1', 'ami-1'),
    server('i-2', 'ami-3'),
    server('i-3', 'ami-2', 'web'),
  ];
  await observe(database.db, t, estate, rights);
  return { t, old, farmId, farmRoleId };
}

const take = (t: Tenant, farmRoleId: number, cloudServerId: string, more = {}) =>
  t.environmentAdmin.call('farmRoleServerImport', t.environment, {
    params: { farmRoleId },
    body: { cloudServerId, ...more },
  });

test('a server that was found becomes one of the farm, and is kept and ended as the others are', async () => {
  const { t, farmRoleId, farmId } = await newWorld();
  const { data } = await take(t, farmRoleId, 'i-1');
  expect(data).toMatchObject({
    cloudServerId: 'i-1',
    farm: { id: farmId },
    farmRole: { id: farmRoleId },
    stale: true,
    launchReason: 'Taken in by hand',
  });
  expect(data).not.toHaveProperty('observed');
  // The next reading leaves it there.
  await readAll(database.db);
  const { data: again } = await t.viewer.call('serverList', t.environment, {
    query: { cloudServerId: 'i-1' },
  });
  expect(again.map(({ id, farm }) => [id, farm.id])).toEqual([[data.id, farmId]]);
  await t.environmentAdmin.call('serverTerminate', t.environment, {
    params: { serverId: data.id },
    body: {},
  });
  await settleClouds(database.db, openPromptClouds(database.db));
  const ended = await t.viewer.call('serverGet', t.environment, {
    params: { serverId: data.id },
    query: {},
  });
  expect(ended.data.status).toBe('terminated');
});

test('what belongs to a group, runs something unknown, is taken already or is not there stays where it is', async () => {
  const { t, farmRoleId } = await newWorld();
  await expect(take(t, farmRoleId, 'i-3')).rejects.toMatchObject({
    code: 'ConfigurationMismatch',
    message: expect.stringContaining('group "web"'),
  });
  await expect(take(t, farmRoleId, 'i-2')).rejects.toMatchObject({
    code: 'ConfigurationMismatch',
    message: expect.stringContaining('not in the catalogue'),
  });
  await expect(take(t, farmRoleId, 'i-9')).rejects.toMatchObject({ code: 'ObjectNotFound' });
  await take(t, farmRoleId, 'i-1');
  await expect(take(t, farmRoleId, 'i-1')).rejects.toMatchObject({ code: 'UnicityViolation' });
});

test('it takes a farm that runs, and no tags', async () => {
  const { t, farmRoleId, farmId } = await newWorld();
  const tags = [{ key: 'a', value: 'b' }];
  expect(() => take(t, farmRoleId, 'i-1', { tags })).toThrow(/does not tag/);
  await t.environmentAdmin.call('farmLock', t.environment, { params: { farmId }, body: {} });
  await expect(take(t, farmRoleId, 'i-1')).rejects.toMatchObject({ code: 'Locked' });
});

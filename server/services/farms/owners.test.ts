import { expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

async function insertUser(name: string): Promise<{ id: number; email: string }> {
  return database.db
    .insertInto('users')
    .values({ name, email: `${randomName('u')}@example.com` })
    .returning(['id', 'email'])
    .executeTakeFirstOrThrow();
}

/** Two people of one name own a farm each, in two environments; one of them has servers on an old image. */
async function namesakes(t: Tenant) {
  const { db } = database;
  const [old, current] = [await insertImage(db, t.account), await insertImage(db, t.account)];
  const role = await insertRole(db, t.account, [current.id]);
  const name = randomName('Ada');
  const [first, second] = [await insertUser(name), await insertUser(name)];
  const farm = await insertFarm(db, t.environment, role.id, { ownerId: first.id });
  const other = await insertFarm(db, t.otherEnvironment, role.id, { ownerId: second.id });
  await insertServers(db, farm.farmRoleId, old.id, 1);
  await insertServers(db, other.farmRoleId, current.id, 1);
  return { name, first, second, old };
}

test('owners of one name are two, each with a mail address, and are found by either', async () => {
  const t = await createTenant(database.db);
  const { name, first, second } = await namesakes(t);
  const found = async (query: object) =>
    (await t.viewer.call('ownerList', t.account, { query })).data.map(({ id }) => id);
  expect(new Set(await found({ query: name.toUpperCase() }))).toEqual(
    new Set([first.id, second.id]),
  );
  expect(await found({ query: second.email })).toEqual([second.id]);
  expect(await found({ id: first.id })).toEqual([first.id]);
});

test('a scope sees the owners of its own farms alone', async () => {
  const t = await createTenant(database.db);
  const { first, second } = await namesakes(t);
  const stranger = await createTenant(database.db);
  const { data } = await t.viewer.call('ownerList', t.environment);
  expect(data.map(({ id }) => id)).toEqual([first.id]);
  const theirs = await stranger.viewer.call('ownerList', stranger.account);
  expect(theirs.data.map(({ id }) => id)).not.toContain(second.id);
});

test('owners and locations can be narrowed to where servers run old images', async () => {
  const t = await createTenant(database.db);
  const { first, second, old } = await namesakes(t);
  const ids = async (onOldImages: boolean) =>
    (await t.viewer.call('ownerList', t.account, { query: { onOldImages } })).data.map(
      ({ id }) => id,
    );
  expect(await ids(true)).toEqual([first.id]);
  expect(await ids(false)).toEqual([second.id]);
  await insertImage(database.db, t.account, { cloud_location: 'eu-west-3' });
  await insertImage(database.db, t.account, { cloud_platform: 'gce', cloud_location: '' });
  const places = async (query: object) =>
    (await t.viewer.call('locationList', t.account, { query })).data.map(({ id }) => id);
  expect(await places({ onOldImages: true })).toEqual(['ec2:us-east-1']);
  expect(await places({})).toEqual(['ec2:eu-west-3', 'ec2:us-east-1']);
  expect(await places({ query: 'EU-' })).toEqual(['ec2:eu-west-3']);
  await insertImage(database.db, t.account, { cloud_location: 'eu-west-4', status: 'failed' });
  const usable = { usable: true, os: 'ubuntu-24-04' };
  expect(await places(usable)).toEqual(['ec2:eu-west-3', 'ec2:us-east-1', 'gce:']);
  expect(await places({ ...usable, os: 'ubuntu-22-04' })).toEqual([]);
  const named = await t.viewer.call('usageGroupList', t.account, {
    query: { by: 'image', named: old.name.toUpperCase() },
  });
  expect(named.data.map(({ id }) => id)).toEqual([old.id]);
  const none = await t.viewer.call('usageGroupList', t.account, {
    query: { by: 'farm', named: old.name },
  });
  expect(none.data).toEqual([]);
});

import { afterEach, expect, test } from 'vitest';
import { checkInvariants } from '../database/invariants.ts';
import { removeObservedFarms } from '../database/queries/observed-farms/observed-farms.ts';
import { withDatabase } from '../testing/database.ts';
import { attachNewCredentials } from '../testing/credentials.ts';
import { insertImage, insertRole } from '../testing/factories.ts';
import { openPromptClouds } from '../testing/fleet.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { addToEstate, group, image, readAll } from '../testing/estates.ts';
import type { CloudOf } from '../cloud/clouds.ts';
import { startPointers } from './pointers.ts';

const database = withDatabase();
const running: { stop(): Promise<void> }[] = [];
const stop = () => Promise.all(running.splice(0).map((loop) => loop.stop()));

afterEach(async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
  await stop();
  await database.db.deleteFrom('environment_clouds').execute();
  await database.db.deleteFrom('role_pointers').execute();
});

function start(cloudOf = openPromptClouds(database.db)) {
  const onError = (error: unknown) => expect.unreachable(String(error));
  running.push(startPointers(database.db, cloudOf, { everyMs: 20, pollMs: 10, onError }));
}

/** A cloud that waits, the first time it is asked to publish, until it is released. */
function holdCloud() {
  const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const prompt = openPromptClouds(database.db);
  const cloudOf: CloudOf = async (lane) => {
    const cloud = await prompt(lane);
    const { pointers } = cloud;
    if (!pointers) return cloud;
    const put: typeof pointers.put = async (...args) => {
      await pointers.put(...args);
      asked.resolve();
      await released.promise;
    };
    return {
      ...cloud,
      pointers: { ...pointers, put, remove: (...args) => pointers.remove(...args) },
    };
  };
  return { cloudOf, asked: asked.promise, release: () => released.resolve() };
}

/** What the cloud of the credentials says that a name stands for. */
async function inCloud(account: string): Promise<Record<string, unknown>> {
  const rows = await database.db
    .selectFrom('simulated_estate')
    .where('account', '=', account)
    .where('kind', '=', 'pointer')
    .where('id', 'like', '/slipway/%')
    .select(['id', 'fact'])
    .execute();
  return Object.fromEntries(
    rows.map(({ id, fact }) => [id, (fact as { cloudImageId: string }).cloudImageId]),
  );
}

async function createRole(t: Tenant) {
  const image = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [image.id]);
  return { image, role, name: `/slipway/roles/${role.id}/image` };
}

async function replace(t: Tenant, imageId: string) {
  const next = await insertImage(database.db, t.account);
  const params = { imageId };
  await t.accountAdmin.call('imageReplace', t.account, { params, body: { newImage: next.id } });
  return next;
}

const list = async (t: Tenant, roleId: number) =>
  (await t.viewer.call('rolePointerList', t.account, { params: { roleId }, query: {} })).data;

test('a pointer follows its role, from the first image on until the role is deleted', async () => {
  const t = await createTenant(database.db);
  const account = await attachNewCredentials(database.db, t.account, t.environment);
  const { image, role, name } = await createRole(t);
  start();
  await expect.poll(() => inCloud(account)).toEqual({ [name]: image.cloud_image_id });
  const next = await replace(t, image.id);
  await expect
    .poll(() => inCloud(account), { timeout: 5_000 })
    .toEqual({ [name]: next.cloud_image_id });
  await expect
    .poll(async () => await list(t, role.id))
    .toMatchObject([
      {
        name,
        state: 'published',
        cloudImageId: next.cloud_image_id,
        published: { cloudImageId: next.cloud_image_id },
      },
    ]);
  await t.accountAdmin.call('roleDelete', t.account, { params: { roleId: role.id } });
  await expect.poll(() => inCloud(account)).toEqual({});
  const left = database.db.selectFrom('role_pointers').where('role_id', '=', role.id);
  await expect.poll(() => left.selectAll().execute()).toEqual([]);
});

test('what changed while no process ran is published by the next one, and asked for once', async () => {
  const t = await createTenant(database.db);
  const account = await attachNewCredentials(database.db, t.account, t.environment);
  const { image, role, name } = await createRole(t);
  start();
  await expect.poll(() => inCloud(account)).toEqual({ [name]: image.cloud_image_id });
  await stop();
  const next = await replace(t, image.id);
  start();
  await expect.poll(() => inCloud(account)).toEqual({ [name]: next.cloud_image_id });
  await expect.poll(async () => (await list(t, role.id))[0]?.state).toBe('published');
  const jobs = await database.db
    .selectFrom('outbox')
    .where('kind', '=', 'role-pointer.publish')
    .where('lane', '=', `credentials ${account}`)
    .select('id')
    .execute();
  expect(jobs).toHaveLength(2);
});

test('what moves on while the cloud is asked is asked for again at once', async () => {
  const t = await createTenant(database.db);
  const account = await attachNewCredentials(database.db, t.account, t.environment);
  const { image: first, role, name } = await createRole(t);
  const held = holdCloud();
  start(held.cloudOf);
  await held.asked;
  const next = await replace(t, first.id);
  const wanted = database.db.selectFrom('role_pointers').where('role_id', '=', role.id);
  await expect
    .poll(() => wanted.select('wanted').execute())
    .toEqual([{ wanted: next.cloud_image_id }]);
  held.release();
  await expect.poll(() => inCloud(account)).toEqual({ [name]: next.cloud_image_id });
});

test('what was only found in a cloud has no pointer', async () => {
  const t = await createTenant(database.db);
  const account = await attachNewCredentials(database.db, t.account, t.environment);
  const groupsImage = 'ami-0000000000000000a';
  await addToEstate(database.db, account, 'us-east-1', [
    image(groupsImage),
    group('web', { boots: [{ kind: 'image', cloudImageId: groupsImage }] }),
  ]);
  await readAll(database.db);
  const observed = await t.viewer.call('farmList', t.account, { query: { observed: 'true' } });
  expect(observed.data).toHaveLength(1);
  const { role, name } = await createRole(t);
  start();
  await expect.poll(async () => Object.keys(await inCloud(account))).toContain(name);
  const pointers = database.db.selectFrom('role_pointers').where('credentials_id', '=', account);
  expect(await pointers.select('role_id').execute()).toEqual([{ role_id: role.id }]);
  await removeObservedFarms(database.db, { credentialsId: account }, new Date());
});

test('without the right nothing is published, and what was stays as it is', async () => {
  const t = await createTenant(database.db);
  const account = await attachNewCredentials(database.db, t.account, t.environment, []);
  const { image, role, name } = await createRole(t);
  start();
  const turn = (publishPointers: boolean) =>
    t.accountAdmin.call('cloudCredentialsUpdate', t.account, {
      params: { cloudCredentialsId: account },
      body: { rights: { publishPointers } },
    });
  await turn(true);
  await expect.poll(() => inCloud(account)).toEqual({ [name]: image.cloud_image_id });
  await expect.poll(async () => (await list(t, role.id))[0]?.state).toBe('published');
  await turn(false);
  await replace(t, image.id);
  expect(await list(t, role.id)).toMatchObject([{ state: 'stopped' }]);
  expect(await inCloud(account)).toEqual({ [name]: image.cloud_image_id });
});

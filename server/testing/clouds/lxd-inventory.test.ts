import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { openClouds } from '../../cloud/clouds.ts';
import { demandCapability } from '../../cloud/port.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { readInventory } from '../../fleet/inventory.ts';
import { testSecrets } from '../app.ts';
import { withDatabase } from '../database.ts';
import { insertImage } from '../factories.ts';
import { createTenant, randomName } from '../harness.ts';
import { askLxd, lxd, makeImage } from './lxd-setup.ts';

const database = withDatabase();
const inTime = () => ({ signal: AbortSignal.timeout(60_000) });

async function connect() {
  const t = await createTenant(database.db);
  await t.accountAdmin.call('cloudCredentialsCreate', t.account, {
    body: {
      name: randomName('LXD'),
      cloudCredentialsType: 'LxdCloudCredentials',
      socket: lxd.socket,
    },
  });
  const cloudOf = openClouds(database.db, {
    simulatedTimes: {},
    lxd: undefined,
    lxdNamePrefix: 'slipway',
    credentialsReach: { allowsPrivate: false, sockets: [lxd.socket], usesOwnAwsIdentity: false },
    secrets: testSecrets,
  });
  const read = async () => {
    const onError = (error: unknown) => {
      throw error;
    };
    await readInventory(database.db, cloudOf, { onError, ...inTime() });
    expect(await checkInvariants(database.db)).toEqual([]);
  };
  const find = async (cloudImageId: string) => {
    const query = { query: cloudImageId };
    const { data } = await t.viewer.call('cloudImageList', t.account, { query });
    return data.find((image) => image.cloudImageId === cloudImageId);
  };
  return { t, read, find };
}

test('an image of a real LXD is unused until a container runs it or an alias means it, and stays known when it is deleted under its servers', async () => {
  const { t, read, find } = await connect();
  const cloudImageId = await makeImage();
  await read();
  expect(await find(cloudImageId)).toMatchObject({
    cloudPlatform: 'lxd',
    cloudLocation: 'default',
    state: 'available',
    registrations: [],
    use: { verdict: 'unused', words: expect.stringMatching(/^Unused: read 1 account in /) },
  });

  const alias = randomName('alias');
  await askLxd('POST', '/images/aliases', { name: alias, target: cloudImageId });
  await read();
  expect((await find(cloudImageId))?.use).toMatchObject({ verdict: 'inUse', pointers: 1 });
  const named = { cloud_platform: 'lxd' as const, cloud_location: 'default' };
  const image = await insertImage(database.db, t.account, { ...named, cloud_image_id: alias });
  expect(await find(cloudImageId)).toMatchObject({ registrations: [{ id: image.id }] });
  await askLxd('DELETE', `/images/aliases/${alias}`);

  const servers = demandCapability(lxd.connect(), 'servers');
  const token = randomUUID();
  const launch = { ...lxd.place, token, cloudImageId, instanceType: 'c1-m1' };
  const server = await servers.launch({ ...launch, hostname: 'a', tags: {} }, inTime());
  const ref = { ...lxd.place, token, cloudServerId: server.cloudServerId };
  onTestFinished(async () => {
    await servers.terminate({ ...ref, isForced: true }, inTime());
  });
  await read();
  const used = await find(cloudImageId);
  expect(used?.use).toMatchObject({ verdict: 'inUse', servers: 1, pointers: 0 });
  const params = { cloudImageKey: used?.id ?? '' };
  const { data } = await t.viewer.call('cloudImageReferenceList', t.account, { params, query: {} });
  expect(data).toMatchObject([{ kind: 'server', name: server.cloudServerId }]);

  // As with most clouds, an image may be deleted under its servers.
  await askLxd('DELETE', `/images/${cloudImageId}`);
  await read();
  expect(await find(cloudImageId)).toMatchObject({ state: 'missing', use: { verdict: 'inUse' } });
});

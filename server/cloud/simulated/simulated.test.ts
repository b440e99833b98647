import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { clearFaults, setFault } from '../../database/queries/simulated-cloud/faults.ts';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant } from '../../testing/harness.ts';
import { demandCapability } from '../port.ts';
import { createSimulatedCloud } from '../simulated.ts';
import type { SimulatedTimes } from './calls.ts';

const database = withDatabase();
const place = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };
const elsewhere = { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' };
const cloudImageId = 'ami-0123456789abcdef0';
const hourMs = 3_600_000;

afterEach(async () => {
  await clearFaults(database.db, {});
});

function connect(times: Partial<SimulatedTimes> = {}) {
  const cloud = createSimulatedCloud(database.db, { latencyMs: 0, ...times });
  return { servers: demandCapability(cloud, 'servers'), images: demandCapability(cloud, 'images') };
}

function inTime() {
  return { signal: AbortSignal.timeout(20_000) };
}

function planLaunch(at = place) {
  const token = randomUUID();
  return { ...at, token, cloudImageId, instanceType: 't3.small', hostname: 'a', tags: {} };
}

const refOf = (token: string, cloudServerId?: string) => ({ ...place, token, cloudServerId });

function fail(kind: Parameters<typeof setFault>[1]['kind'], seconds = 0): Promise<void> {
  const at = { cloud_platform: 'ec2', cloud_location: 'us-east-1' };
  return setFault(database.db, { ...at, kind, probability: 1, seconds });
}

test('a server takes as long to start as it was launched with, whatever process asks', async () => {
  const slow = planLaunch();
  const quick = planLaunch();
  await connect({ bootMs: hourMs }).servers.launch(slow, inTime());
  await connect({ bootMs: 0 }).servers.launch(quick, inTime());
  const { servers } = connect();
  expect(await servers.get(refOf(slow.token), inTime())).toMatchObject({
    state: 'pending',
    publicIps: [],
    privateIps: [],
  });
  expect(await servers.get(refOf(quick.token), inTime())).toMatchObject({ state: 'running' });
});

test('a server is found by its id in the cloud, whatever token it is asked for with', async () => {
  const { servers } = connect({ bootMs: 0, terminateMs: 0 });
  const server = await servers.launch(planLaunch(), inTime());
  const ref = refOf(randomUUID(), server.cloudServerId);
  expect(await servers.get(ref, inTime())).toMatchObject({ token: server.token });
  expect(await servers.terminate(ref, inTime())).toMatchObject({ token: server.token });
  expect(await servers.terminate(ref, inTime())).toBe('absent');
});

describe('a server that Slipway had before the cloud remembered any', () => {
  test.each([
    ['running', 'running'],
    ['initializing', 'running'],
    ['suspended', 'suspended'],
    ['pending_suspend', 'suspended'],
    ['pending_terminate', 'terminated'],
  ] as [ServerStatus, string][])('and was %s is %s', async (status, state) => {
    const { id, cloud_server_id, image } = await insertOldServer(status);
    const known = await connect().servers.get(refOf(id, cloud_server_id), inTime());
    expect(known).toMatchObject({
      ...place,
      token: id,
      state,
      cloudServerId: cloud_server_id,
      cloudImageId: image,
    });
  });

  test('is absent when it had ended, or was not launched yet', async () => {
    const ended = await insertOldServer('terminated');
    expect(await connect().servers.get(refOf(ended.id), inTime())).toBeUndefined();
    const waiting = await insertOldServer('pending');
    await database.db
      .updateTable('servers')
      .set({ cloud_server_id: null })
      .where('id', '=', waiting.id)
      .execute();
    expect(await connect().servers.get(refOf(waiting.id), inTime())).toBeUndefined();
  });

  test('can be terminated, and stays so although its row says that it runs', async () => {
    const { id } = await insertOldServer('running');
    const { servers } = connect({ terminateMs: 0 });
    expect(await servers.terminate(refOf(id), inTime())).toMatchObject({ token: id });
    expect(await servers.terminate(refOf(id), inTime())).toBe('absent');
  });
});

async function insertOldServer(status: ServerStatus) {
  const t = await createTenant(database.db);
  const { id: imageId, cloud_image_id: image } = await insertImage(database.db, t.environment);
  const role = await insertRole(database.db, t.environment, [imageId]);
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  const [id = ''] = await insertServers(database.db, farmRoleId, imageId, 1, status);
  const { cloud_server_id } = await database.db
    .selectFrom('servers')
    .where('id', '=', id)
    .select('cloud_server_id')
    .executeTakeFirstOrThrow();
  return { id, cloud_server_id: cloud_server_id ?? '', image };
}

describe('a cloud that is told to', () => {
  test('have no capacity starts nothing at that place, and everything elsewhere', async () => {
    const started = planLaunch();
    await connect().servers.launch(started, inTime());
    await fail('no-capacity');
    await expect(connect().servers.launch(planLaunch(), inTime())).rejects.toMatchObject({
      willPass: true,
      isThrottled: false,
      message: expect.stringContaining('InsufficientInstanceCapacity'),
    });
    await connect().servers.launch(planLaunch(elsewhere), inTime());
    // What was started before is found, as with a real cloud.
    expect(await connect().servers.launch(started, inTime())).toMatchObject({
      token: started.token,
    });
  });

  test('miss images has none there', async () => {
    await fail('image-missing');
    const { servers, images } = connect();
    expect(await images.find({ ...place, cloudImageId }, inTime())).toBeUndefined();
    expect(await images.find({ ...elsewhere, cloudImageId }, inTime())).toBeDefined();
    await expect(servers.launch(planLaunch(), inTime())).rejects.toMatchObject({ willPass: false });
  });

  test('have servers fail says why, and they can be cleared away', async () => {
    await fail('failing-servers');
    const { servers } = connect({ bootMs: 0, terminateMs: 0 });
    const launch = planLaunch();
    await servers.launch(launch, inTime());
    const reason = 'InternalError: the server ended while it was starting.';
    const failed = await servers.get(refOf(launch.token), inTime());
    expect(failed).toMatchObject({ state: 'failed', reason });
    await expect(servers.suspend(refOf(launch.token), inTime())).rejects.toMatchObject({
      willPass: false,
    });
    await servers.terminate(refOf(launch.token), inTime());
    expect(await servers.terminate(refOf(launch.token), inTime())).toBe('absent');
  });

  test('be slow is given up, and has done nothing or what was asked', async () => {
    await fail('slow', 600);
    const launch = planLaunch();
    const soon = { signal: AbortSignal.timeout(50) };
    await expect(connect().servers.launch(launch, soon)).rejects.toMatchObject({
      name: 'AbortError',
    });
    await clearFaults(database.db, {});
    expect(await connect().servers.launch(launch, inTime())).toMatchObject({
      token: launch.token,
    });
  });

  test('flap or throttle says that it will pass', async () => {
    await fail('flapping');
    const launch = planLaunch();
    for (let time = 0; time < 5; time++)
      await expect(connect().servers.launch(launch, inTime())).rejects.toMatchObject({
        willPass: true,
        isThrottled: false,
      });
    await fail('throttled');
    await expect(connect().servers.launch(launch, inTime())).rejects.toMatchObject({
      isThrottled: true,
    });
  });
});

test('an image whose id has an unusual form is found, with a warning', async () => {
  const { images } = connect();
  const odd = await images.find({ ...place, cloudImageId: 'my-image' }, inTime());
  expect(odd?.warnings).toEqual([
    '"my-image" does not look like an image of ec2, whose ids are ami- and 8 or 17 hexadecimal digits.',
  ]);
  expect((await images.find({ ...place, cloudImageId }, inTime()))?.warnings).toEqual([]);
});

test('a registered image has its name in the cloud, and images without a location serve all of them', async () => {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.account);
  const { images, servers } = connect();
  const ref = { ...place, cloudImageId: image.cloud_image_id };
  expect(await images.find(ref, inTime())).toMatchObject({ name: image.name });
  const onGce = { cloudPlatform: 'gce', cloudLocation: '', cloudImageId: 'base-1' };
  await images.delete({ ...onGce, token: randomUUID() }, inTime());
  const zone = { cloudPlatform: 'gce', cloudLocation: 'us-central1-a' };
  const launch = { ...planLaunch(zone), cloudImageId: 'base-1' };
  await expect(servers.launch(launch, inTime())).rejects.toMatchObject({ willPass: false });
});

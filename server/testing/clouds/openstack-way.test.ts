import { afterAll, beforeAll, expect, test } from 'vitest';
import { demandCapability } from '../../cloud/port.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { inTime } from '../cloud/subject.ts';
import { testSecretsKey } from '../test-key.ts';
import { withDatabase } from '../database.ts';
import { insertRole } from '../factories.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';
import { makeImage, openstack } from './openstack-setup.ts';

// An environment with credentials of OpenStack, from adding them to the end of its old image.

const database = withDatabase();
const patience = { timeout: 150_000, interval: 250 };
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess(database.url, {
    environment: { CLOUD_ALLOW_PRIVATE: 'true', SECRETS_KEY: testSecretsKey.toString('base64') },
  });
});
afterAll(async () => {
  server.child.kill();
  await endOf(server);
});

const { place } = openstack;

/** Adds credentials at the account, has them tested, and gives them to an environment. */
async function connect(t: Tenant): Promise<void> {
  const { data: made } = await t.accountAdmin.call('cloudCredentialsCreate', t.account, {
    clouds: { allowsPrivate: true },
    body: {
      name: 'OpenStack',
      cloudCredentialsType: 'OpenstackCloudCredentials',
      keystoneUrl: openstack.keystone,
      userName: openstack.builder.name,
      password: openstack.builder.password,
      tenantName: openstack.project,
      rights: { launchServers: true, terminateServers: true, deleteImages: true },
    },
  });
  const params = { cloudCredentialsId: made.id };
  const read = async () => (await t.viewer.call('cloudCredentialsGet', t.account, { params })).data;
  // Services that have just started may need longer for their first answers than a test waits: people try again.
  const tryOn = async () => {
    const { status } = await read();
    if (status === 'untested' || status === 'failing')
      await t.accountAdmin.call('cloudCredentialsTest', t.account, { params, body: {} });
    return status;
  };
  await expect.poll(tryOn, patience).toBe('working');
  expect(JSON.stringify((await read()).test)).toContain('in the project fleet');
  const { environmentId: envId } = t.environment;
  await t.accountAdmin.call('environmentCloudAttach', t.account, {
    params: { envId, cloud: 'openstack' },
    body: { credentials: made.id },
  });
}

async function register(t: Tenant, cloudImageId: string) {
  const { data } = await t.environmentAdmin.call('imageCreate', t.environment, {
    body: {
      cloudPlatform: 'openstack',
      cloudLocation: place.cloudLocation,
      name: randomName('image'),
      cloudImageId,
      os: 'ubuntu-24-04',
      architecture: 'x86_64',
    },
  });
  return data;
}

/** What Nova itself has of a farm: how many run each image, or are in another state. */
async function countInNova(farmId: number): Promise<Record<string, number>> {
  const servers = demandCapability(openstack.connect(), 'servers');
  const of = { ...place, tag: { name: 'slipway-farm', value: String(farmId) } };
  const counts: Record<string, number> = {};
  for await (const page of servers.list(of, inTime()))
    for (const { state, cloudImageId = '' } of page) {
      const what = state === 'running' ? cloudImageId : state;
      counts[what] = (counts[what] ?? 0) + 1;
    }
  return counts;
}

async function launchFarm(t: Tenant, role: number): Promise<number> {
  const body = { name: randomName('farm') };
  const { data: farm } = await t.environmentAdmin.call('farmCreate', t.environment, { body });
  const params = { farmId: farm.id };
  await t.environmentAdmin.call('farmRoleCreate', t.environment, {
    params,
    body: {
      alias: 'web',
      role,
      cloudPlatform: 'openstack',
      cloudLocation: place.cloudLocation,
      instanceType: 'tiny',
      scaling: { minInstances: 2, maxInstances: 2 },
    },
  });
  await t.environmentAdmin.call('farmLaunch', t.environment, { params });
  return farm.id;
}

test('an image of OpenStack is replaced, its servers move to the new one, and Glance deletes it', async () => {
  const t = await createTenant(database.db);
  const at = t.environment;
  await connect(t);
  const [old, current] = [
    await register(t, await makeImage()),
    await register(t, await makeImage()),
  ];
  const role = await insertRole(database.db, at, [old.id]);
  const farmId = await launchFarm(t, role.id);
  const inNova = () => countInNova(farmId);
  await expect.poll(inNova, patience).toEqual({ [old.cloudImageId ?? '']: 2 });

  const { meta } = await t.environmentAdmin.call('imageReplace', at, {
    params: { imageId: old.id },
    body: { newImage: current.id },
  });
  const { data: planned } = await t.environmentAdmin.call('rolloutPlan', at, {
    body: { replacement: meta?.replacement?.id ?? '', batchSize: '50%', maxUnavailable: '50%' },
  });
  const params = { rolloutId: planned.id };
  const digest = planned.plan?.digest ?? '';
  await t.environmentAdmin.call('rolloutStart', at, { params, digest });
  const state = async () => (await t.viewer.call('rolloutGet', at, { params })).data.state;
  await expect.poll(state, patience).toBe('done');
  await expect.poll(inNova, patience).toEqual({ [current.cloudImageId ?? '']: 2 });

  const removal = { params: { imageId: old.id }, query: { deleteFromCloud: 'true' } as const };
  const remove = () => t.environmentAdmin.call('imageDelete', at, removal).then(() => 'deleting');
  await expect.poll(() => remove().catch(({ code }) => code), patience).toBe('deleting');
  const images = demandCapability(openstack.connect(), 'images');
  const ref = { ...place, cloudImageId: old.cloudImageId ?? '' };
  await expect.poll(() => images.find(ref, inTime()), patience).toBeUndefined();

  await t.environmentAdmin.call('farmTerminate', at, { params: { farmId } });
  await expect.poll(inNova, patience).toEqual({});
  expect(await checkInvariants(database.db)).toEqual([]);
});

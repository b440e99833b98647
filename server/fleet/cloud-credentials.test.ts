import { afterEach, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import type { ActingRight } from '#contract/clouds/acting-rights.ts';
import { checkInvariants } from '../database/invariants.ts';
import { clearFaults, setFault } from '../database/queries/simulated-cloud/faults.ts';
import { attachNewCredentials, insertCredentials } from '../testing/credentials.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../testing/factories.ts';
import { openPromptClouds, settleClouds } from '../testing/fleet.ts';
import { type CallInput, createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { keyPair } from '../testing/key-pair.ts';
import { readAll } from '../testing/estates.ts';
import { startImageDeletions } from './image-deletions.ts';

const database = withDatabase();

afterEach(async () => {
  await clearFaults(database.db, {});
  expect(await checkInvariants(database.db)).toEqual([]);
});

/** An environment that uses credentials with these rights, and a farm role in it. */
async function newWorld(rights: readonly ActingRight[]) {
  const t = await createTenant(database.db);
  const id = await attachNewCredentials(database.db, t.account, t.environment, rights);
  const image = await insertImage(database.db, t.environment);
  const role = await insertRole(database.db, t.environment, [image.id]);
  const farm = await insertFarm(database.db, t.environment, role.id);
  const launch = () =>
    t.environmentAdmin.call('serverLaunch', t.environment, { body: { farmRole: farm.farmRoleId } });
  const allow = (given: object) =>
    t.accountAdmin.call('cloudCredentialsUpdate', t.account, {
      params: { cloudCredentialsId: id },
      body: { rights: given },
    });
  return { t, id, image, ...farm, launch, allow };
}

async function statusOf(t: Tenant, serverId: string) {
  return (await t.viewer.call('serverGet', t.environment, { params: { serverId } })).data.status;
}

const off = (what: string) =>
  expect.stringMatching(new RegExp(`do not let Slipway ${what}`)) as string;

describe('a right that is off', () => {
  test('refuses a launch beforehand, in the words of the verdict', async () => {
    const { t, farmRoleId, launch, allow } = await newWorld([]);
    await expect(launch()).rejects.toMatchObject({
      code: 'UnacceptableState',
      message: off('launch, resume and reboot servers'),
    });
    const read = async () =>
      (
        await t.environmentAdmin.call('farmRoleGet', t.environment, {
          params: { farmRoleId },
          query: { include: 'actions' },
        })
      ).data.actions?.launchServer;
    expect(await read()).toMatchObject({ allowed: false, reason: off('launch') });
    await allow({ launchServers: true });
    expect(await read()).toEqual({ allowed: true });
    const { data } = await launch();
    await settleClouds(database.db, openPromptClouds(database.db));
    expect(await statusOf(t, data.id)).toBe('running');
  });

  test('is refused where the cloud is called, though it was on when the launch was asked for', async () => {
    const { t, launch, allow } = await newWorld(['launchServers']);
    const { data } = await launch();
    await allow({ launchServers: false });
    await settleClouds(database.db, openPromptClouds(database.db));
    expect(await statusOf(t, data.id)).toBe('failed');
    const { rows } = await sql`SELECT FROM simulated_servers WHERE token = ${data.id}`.execute(
      database.db,
    );
    expect(rows).toEqual([]);
    const events = await t.viewer.call('serverEventList', t.environment, {
      params: { serverId: data.id },
    });
    expect(JSON.stringify(events.data)).toContain('do not let Slipway launch');
  });

  test('keeps a server and its farm from being terminated', async () => {
    const { t, farmId, launch } = await newWorld(['launchServers']);
    const { data } = await launch();
    await settleClouds(database.db, openPromptClouds(database.db));
    const params = { serverId: data.id };
    await expect(
      t.environmentAdmin.call('serverTerminate', t.environment, { params, body: {} }),
    ).rejects.toMatchObject({ message: off('terminate and suspend servers') });
    await expect(
      t.environmentAdmin.call('farmTerminate', t.environment, { params: { farmId }, body: {} }),
    ).rejects.toMatchObject({
      message: off('terminate'),
      details: { blockers: [{ id: data.id }] },
    });
    const farm = await t.environmentAdmin.call('farmGet', t.environment, {
      params: { farmId },
      query: { include: 'actions' },
    });
    expect(farm.data.actions?.terminate).toMatchObject({
      allowed: false,
      reason: off('terminate'),
    });
  });

  test('keeps an image in its cloud, and says so beforehand and where the cloud is called', async () => {
    const { t, allow } = await newWorld([]);
    const { id: imageId } = await insertImage(database.db, t.environment);
    const query = { deleteFromCloud: 'true' };
    const remove = () =>
      t.environmentAdmin.call('imageDelete', t.environment, { params: { imageId }, query });
    await expect(remove()).rejects.toMatchObject({ message: off('delete images') });
    const copy = t.environmentAdmin.call('imageCopy', t.environment, {
      params: { imageId },
      body: { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' },
    });
    await expect(copy).rejects.toMatchObject({ message: off('make images') });
    await allow({ deleteImages: true });
    // Until it was read, nobody knows whether something there uses it.
    await readAll(database.db);
    await remove();
    await allow({ deleteImages: false });
    const loop = startImageDeletions(database.db, openPromptClouds(database.db), { pollMs: 5 });
    const row = () =>
      database.db
        .selectFrom('images')
        .where('id', '=', imageId)
        .select(['status', 'status_error'])
        .executeTakeFirst();
    await expect.poll(row, { timeout: 20_000 }).toEqual({
      status: 'failed',
      status_error: off('delete images'),
    });
    await loop.stop();
  });
});

test('jobs of one set of credentials are one lane, whatever account they are of', async () => {
  const { id, launch } = await newWorld(['launchServers']);
  const { data } = await launch();
  const job = database.db.selectFrom('outbox').where('subject', '=', data.id).select('lane');
  expect(await job.executeTakeFirst()).toEqual({ lane: `credentials ${id}` });
  await settleClouds(database.db, openPromptClouds(database.db));
});

describe('a test of credentials', () => {
  async function examine(t: Tenant, id: string, reach?: { allowsPrivate: boolean }) {
    const params = { cloudCredentialsId: id };
    const asked = await t.accountAdmin.call('cloudCredentialsTest', t.account, {
      params,
      body: {},
    });
    expect(asked.data.status).toBe('testing');
    await settleClouds(database.db, openPromptClouds(database.db, reach));
    return (await t.viewer.call('cloudCredentialsGet', t.account, { params })).data;
  }

  type Body = CallInput<'cloudCredentialsCreate'>['body'];
  const { certificate: clientCertificate, key: clientKey } = keyPair;
  const lxd: Body = {
    name: 'LXD',
    cloudCredentialsType: 'LxdCloudCredentials',
    clientCertificate,
    clientKey,
  };
  const aws: Body = {
    name: 'AWS',
    cloudCredentialsType: 'AwsCloudCredentials',
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'SlipwayTest',
  };
  const openstack: Body = {
    name: 'OpenStack',
    cloudCredentialsType: 'OpenstackCloudCredentials',
    tenantName: 'demo',
    userName: 'slipway',
    password: 'SlipwayTest',
  };

  async function create(t: Tenant, body: Body) {
    return (await t.accountAdmin.call('cloudCredentialsCreate', t.account, { body })).data.id;
  }
  const newLxd = (t: Tenant, url: string) => create(t, { ...lxd, url });

  test('says which rights are there in the cloud, and which are missing', async () => {
    const t = await createTenant(database.db);
    const found = await examine(t, await insertCredentials(database.db, t.account, []));
    expect(found).toMatchObject({ status: 'working', test: { error: null } });
    expect(found.lastContact).not.toBeNull();
    const there = found.test?.findings.filter(({ isThere }) => isThere);
    expect(there?.map(({ right }) => right)).toContain('changeGroups');
    expect(found.test?.findings.find(({ right }) => right === 'launchServers')).toEqual({
      right: 'launchServers',
      isThere: true,
      words: 'The simulated cloud refuses nobody.',
    });
  });

  test('says in its own words why a cloud does not answer', async () => {
    const t = await createTenant(database.db);
    await setFault(database.db, {
      kind: 'throttled',
      cloud_platform: '*',
      cloud_location: '*',
      probability: 1,
      seconds: 0,
    });
    const found = await examine(t, await insertCredentials(database.db, t.account));
    expect(found).toMatchObject({
      status: 'failing',
      lastContact: null,
      test: { error: expect.stringContaining('RequestLimitExceeded') as string },
    });
  });

  const internal = [
    'https://localhost:1',
    'https://127.0.0.1:1',
    'https://[::1]:1',
    'https://169.254.169.254',
    'https://10.0.0.1',
  ];
  test.each([
    ...internal.map((url) => ['LXD', url, lxd, 'url'] as const),
    ...internal.map((url) => ['AWS', url, aws, 'endpoint'] as const),
    ...internal.map((url) => ['OpenStack', url, openstack, 'keystoneUrl'] as const),
  ])('of %s does not ask %s, unless a setting allows it', async (_cloud, url, body, member) => {
    const t = await createTenant(database.db);
    const id = await create(t, { ...body, [member]: 'https://cloud.example.com' });
    // As it was kept while the setting allowed it.
    await database.db
      .updateTable('cloud_credentials')
      .set({ settings: sql`settings || ${JSON.stringify({ [member]: url })}::jsonb` as never })
      .where('id', '=', id)
      .execute();
    const found = await examine(t, id);
    expect(found).toMatchObject({
      status: 'failing',
      test: { error: expect.stringContaining('CLOUD_ALLOW_PRIVATE allows it') as string },
    });
  });

  test('asks a private address where the setting allows it', async () => {
    const t = await createTenant(database.db);
    const found = await examine(t, await newLxd(t, 'https://localhost:1'), { allowsPrivate: true });
    expect(found.test?.error).toContain('ECONNREFUSED');
  });

  test('does not open a socket that is not among those allowed', async () => {
    const t = await createTenant(database.db);
    const { data } = await t.accountAdmin.call('cloudCredentialsCreate', t.account, {
      body: {
        name: randomName('LXD'),
        cloudCredentialsType: 'LxdCloudCredentials',
        socket: '/var/run/docker.sock',
      },
    });
    expect((await examine(t, data.id)).test?.error).toContain('CLOUD_SOCKETS allows it');
  });

  test('of what has changed since is dropped', async () => {
    const t = await createTenant(database.db);
    const id = await insertCredentials(database.db, t.account);
    const params = { cloudCredentialsId: id };
    await t.accountAdmin.call('cloudCredentialsTest', t.account, { params, body: {} });
    const body = { description: 'x' };
    await t.accountAdmin.call('cloudCredentialsUpdate', t.account, { params, body });
    await settleClouds(database.db, openPromptClouds(database.db));
    const { data } = await t.viewer.call('cloudCredentialsGet', t.account, { params });
    expect(data).toMatchObject({ status: 'untested', test: null });
  });
});

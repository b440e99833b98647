import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSession } from '../../auth/sessions.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { testSecretsKey } from '../test-key.ts';
import { withDatabase } from '../database.ts';
import { insertRole } from '../factories.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';
import { ec2, makeImage } from './ec2-setup.ts';

// A fleet moves from one image to the next on an EC2 that its environment has credentials for.

const database = withDatabase();
const patience = { timeout: 90_000, interval: 100 };
const place = ec2.place as { cloudPlatform: 'ec2'; cloudLocation: string };
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(database.url, {
    environment: { SECRETS_KEY: testSecretsKey.toString('base64'), CLOUD_ALLOW_PRIVATE: 'true' },
  });
});
afterAll(async () => {
  server.child.kill();
  await endOf(server);
  await ec2.strict.close();
});

interface Sent {
  status: number;
  data: { id: string; status: string; awsAccountId?: string; checked?: string; size?: number };
  error: { code: string; message: string; field?: string } | undefined;
}

/** Sends as a page would, to the process that knows clouds. */
async function openPage(t: Tenant) {
  const users = database.db.selectFrom('users').where('email', '=', t.accountAdmin.email);
  const { id } = await users.select('id').executeTakeFirstOrThrow();
  const { token } = await createSession(database.db, id);
  const headers = {
    cookie: `slipway=${token}`,
    origin: server.address,
    'content-type': 'application/json',
  };
  return async (method: string, path: string, body?: object): Promise<Sent> => {
    const answer = await fetch(`${server.address}/api/v1beta0/${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const { data, errors } = (await answer.json()) as {
      data: Sent['data'];
      errors?: [Sent['error']];
    };
    return { status: answer.status, data, error: errors?.[0] };
  };
}

/** Adds credentials with all rights, has them tested, and gives them to an environment. */
async function connect(t: Tenant, send: Awaited<ReturnType<typeof openPage>>): Promise<void> {
  const path = `account/${t.account.accountId}/cloud-credentials/`;
  const rights = { launchServers: true, terminateServers: true, deleteImages: true };
  const { data: made } = await send('POST', path, {
    name: 'AWS',
    cloudCredentialsType: 'AwsCloudCredentials',
    ...ec2.key,
    endpoint: ec2.strict.url,
    regions: ['eu-west-1'],
    rights,
  });
  await send('POST', `${path}${made.id}/actions/test/`, {});
  const tested = async () => (await send('GET', `${path}${made.id}/`)).data;
  await expect.poll(async () => (await tested()).status, patience).toBe('working');
  expect((await tested()).awsAccountId).toBe('123456789012');
  await t.accountAdmin.call('environmentCloudAttach', t.account, {
    params: { envId: t.environment.environmentId, cloud: 'ec2' },
    body: { credentials: made.id },
  });
}

/** What EC2 itself has of a farm: how many instances there are of each image. */
async function countInEc2(farmId: number): Promise<Record<string, number>> {
  const Filters = [
    { Name: 'tag:slipway-farm', Values: [String(farmId)] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ];
  const { Reservations = [] } = await ec2.client.send(new DescribeInstancesCommand({ Filters }));
  const counts: Record<string, number> = {};
  for (const { ImageId = '' } of Reservations.flatMap(({ Instances = [] }) => Instances))
    counts[ImageId] = (counts[ImageId] ?? 0) + 1;
  return counts;
}

test('an environment with credentials of AWS registers images that are there, and moves a farm from one to the next', async () => {
  const t = await createTenant(database.db);
  const send = await openPage(t);
  await connect(t, send);
  const { environment: at } = t;
  const register = (cloudImageId: string) =>
    send('POST', `user/${at.environmentId}/images/`, {
      ...place,
      name: randomName('image'),
      cloudImageId,
      os: 'ubuntu-24-04',
      architecture: 'x86_64',
    });
  const [before, after] = [await makeImage(), await makeImage()];
  expect((await register(ec2.absentImage)).error).toMatchObject({
    code: 'InvalidValue',
    field: 'cloudImageId',
  });
  const { data: old, status } = await register(before);
  expect(status).toBe(201);
  expect(old).toMatchObject({ size: 15, checked: expect.any(String) as string });
  const { data: current } = await register(after);

  const role = await insertRole(database.db, at, [old.id]);
  const body = { name: randomName('farm') };
  const { data: farm } = await t.environmentAdmin.call('farmCreate', at, { body });
  const params = { farmId: farm.id };
  const scaling = { minInstances: 2, maxInstances: 2 };
  await t.environmentAdmin.call('farmRoleCreate', at, {
    params,
    body: { alias: 'web', role: role.id, ...place, instanceType: 't3.micro', scaling },
  });
  await t.environmentAdmin.call('farmLaunch', at, { params });
  await expect.poll(() => countInEc2(farm.id), patience).toEqual({ [before]: 2 });
  const running = async () => {
    const query = { farm: farm.id, status: 'running' } as never;
    return (await t.viewer.call('serverList', at, { query })).data.length;
  };
  await expect.poll(running, patience).toBe(2);

  await t.environmentAdmin.call('imageReplace', at, {
    params: { imageId: old.id },
    body: { newImage: current.id },
  });
  const { data: planned } = await t.accountAdmin.call('rolloutPlan', t.account, {
    body: { farm: farm.id, batchSize: '50%', maxUnavailable: '50%' },
  });
  const rollout = { params: { rolloutId: planned.id } };
  const digest = planned.plan?.digest ?? '';
  await t.accountAdmin.call('rolloutStart', t.account, { ...rollout, digest });
  const state = async () => (await t.viewer.call('rolloutGet', t.account, rollout)).data.state;
  await expect.poll(state, patience).toBe('done');
  await expect.poll(() => countInEc2(farm.id), patience).toEqual({ [after]: 2 });

  await t.environmentAdmin.call('farmTerminate', at, { params });
  await expect.poll(() => countInEc2(farm.id), patience).toEqual({});
  expect(await checkInvariants(database.db)).toEqual([]);
});

import { expect, test } from 'vitest';
import { actingRights } from '#contract/clouds/acting-rights.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { fetchCloudCredentials } from '../../database/queries/clouds/cloud-credentials.ts';
import { testSecrets } from '../../testing/app.ts';
import { attachNewCredentials, insertCredentials } from '../../testing/credentials.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import { type Client, createTenant, randomName } from '../../testing/harness.ts';
import { keyPair } from '../../testing/key-pair.ts';

const database = withDatabase();

const lxd = () => ({
  name: randomName('LXD'),
  cloudCredentialsType: 'LxdCloudCredentials' as const,
  url: 'https://lxd.example.com:8443',
  clientCertificate: keyPair.certificate,
  clientKey: keyPair.key,
});

function create(who: Client, at: ScopeRef, values: object = {}) {
  return who.call('cloudCredentialsCreate', at, { body: { ...lxd(), ...values } });
}

test('new credentials may change nothing in their cloud, and their secret is sealed and not answered', async () => {
  const t = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  expect(data).toMatchObject({
    provider: 'lxd',
    status: 'untested',
    socket: null,
    serverCertificate: null,
    test: null,
    environments: [],
  });
  expect(Object.values(data.rights)).toEqual(actingRights.map(() => false));
  expect(data).not.toHaveProperty('clientKey');
  const [row] = await fetchCloudCredentials(database.db, [data.id]);
  expect(JSON.parse(testSecrets.open(row?.sealed_secrets ?? Buffer.alloc(0), data.id))).toEqual({
    clientKey: keyPair.key,
  });
  // Under another label, as after a copy from row to row, it cannot be opened.
  expect(() => testSecrets.open(row?.sealed_secrets ?? Buffer.alloc(0), t.account.scope)).toThrow();
});

test('credentials are seen below their scope, and changed only there by an administrator', async () => {
  const t = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  const params = { cloudCredentialsId: data.id };
  const seen = await t.viewer.call('cloudCredentialsGet', t.environment, { params });
  expect(seen.data).toEqual(data);
  const elsewhere = await createTenant(database.db);
  for (const [who, at, code] of [
    [t.environmentAdmin, t.environment, 'ScopeViolation'],
    [t.viewer, t.account, 'PermissionViolation'],
    [elsewhere.accountAdmin, elsewhere.account, 'ObjectNotFound'],
  ] as const) {
    const body = { description: 'x' };
    await expect(who.call('cloudCredentialsUpdate', at, { params, body })).rejects.toMatchObject({
      code,
    });
    await expect(who.call('cloudCredentialsTest', at, { params, body: {} })).rejects.toMatchObject({
      code,
    });
    await expect(who.call('cloudCredentialsDelete', at, { params })).rejects.toMatchObject({
      code,
    });
  }
});

test.each([
  [
    'a member of another type',
    { cloudCredentialsType: 'SimulatedCloudCredentials', provider: 'ec2' },
    'url',
  ],
  ['another platform', { provider: 'ec2' }, 'provider'],
  ['no place', { url: null }, 'url'],
  ['two places', { socket: '/var/lib/lxd/unix.socket' }, 'url'],
  ['no certificate', { clientCertificate: null }, 'clientCertificate'],
  ['no key', { clientKey: undefined }, 'clientKey'],
  ['an address in the network of Slipway', { url: 'https://[::1]:8443' }, 'url'],
  ['something that is no key', { clientKey: 'secret' }, 'clientKey'],
  ['something that is no certificate', { clientCertificate: 'x' }, 'clientCertificate'],
  ['a server certificate that is none', { serverCertificate: 'x' }, 'serverCertificate'],
])('LXD is refused with %s', async (_, values, field) => {
  const t = await createTenant(database.db);
  await expect(create(t.accountAdmin, t.account, values)).rejects.toMatchObject({
    code: 'InvalidValue',
    details: { field },
  });
});

const aws = () => ({
  name: randomName('AWS'),
  cloudCredentialsType: 'AwsCloudCredentials' as const,
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'SlipwayTest',
});

test('credentials of AWS say as whom and where Slipway asks, and their secret is sealed and not answered', async () => {
  const t = await createTenant(database.db);
  const roleArn = 'arn:aws:iam::123456789012:role/slipway';
  const body = { ...aws(), roleArn, externalId: 'our-own', regions: ['eu-west-1', 'eu-west-1'] };
  const { data } = await t.accountAdmin.call('cloudCredentialsCreate', t.account, { body });
  expect(data).toMatchObject({
    provider: 'ec2',
    accountType: 'regular',
    accessKey: body.accessKey,
    roleArn,
    externalId: 'our-own',
    regions: ['eu-west-1'],
    endpoint: null,
    awsAccountId: null,
  });
  expect(data).not.toHaveProperty('secretKey');
  expect(data).not.toHaveProperty('socket');
  const [row] = await fetchCloudCredentials(database.db, [data.id]);
  expect(JSON.parse(testSecrets.open(row?.sealed_secrets ?? Buffer.alloc(0), data.id))).toEqual({
    secretKey: body.secretKey,
  });
});

test.each([
  ['a member of another type', { clientKey: 'x' }, 'clientKey'],
  ['an endpoint in the network of Slipway', { endpoint: 'https://169.254.169.254' }, 'endpoint'],
  ['an endpoint without TLS', { endpoint: 'http://ec2.example.com' }, 'endpoint'],
  ['no secret key', { secretKey: undefined }, 'secretKey'],
])('AWS is refused with %s', async (_, values, field) => {
  const t = await createTenant(database.db);
  const body = { ...aws(), ...values };
  await expect(
    t.accountAdmin.call('cloudCredentialsCreate', t.account, { body }),
  ).rejects.toMatchObject({ code: 'InvalidValue', details: { field } });
});

test('a right is turned on alone, and what is said already changes nothing', async () => {
  const t = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  const params = { cloudCredentialsId: data.id };
  const update = async (body: object) =>
    (await t.accountAdmin.call('cloudCredentialsUpdate', t.account, { params, body })).data;
  const changed = await update({ rights: { launchServers: true } });
  expect(changed).toMatchObject({
    rights: { launchServers: true, deleteImages: false },
    version: 2,
  });
  expect(await update({ rights: { launchServers: true }, url: data.url })).toEqual(changed);
  const off = await update({ rights: { launchServers: false } });
  expect(off.rights).toEqual(data.rights);
});

test('a new address needs the secret anew, and a rotated secret replaces the old one', async () => {
  const t = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  const params = { cloudCredentialsId: data.id };
  const update = (body: object) =>
    t.accountAdmin.call('cloudCredentialsUpdate', t.account, { params, body });
  await expect(update({ url: 'https://elsewhere.example.com' })).rejects.toMatchObject({
    code: 'InvalidValue',
    details: { field: 'clientKey' },
  });
  const [before] = await fetchCloudCredentials(database.db, [data.id]);
  const { data: after } = await update({ clientKey: keyPair.key });
  expect(after).toMatchObject({ status: 'untested', version: 2 });
  const [row] = await fetchCloudCredentials(database.db, [data.id]);
  expect(row?.sealed_secrets).not.toEqual(before?.sealed_secrets);
  await update({ url: null, clientCertificate: null, socket: '/run/lxd.socket' });
  const [local] = await fetchCloudCredentials(database.db, [data.id]);
  expect(local).toMatchObject({ sealed_secrets: null, settings: { socket: '/run/lxd.socket' } });
});

test('an environment uses one set of credentials for a platform: those that it sees, for that platform', async () => {
  const t = await createTenant(database.db);
  const [ours, others] = [
    await insertCredentials(database.db, t.account),
    await insertCredentials(database.db, t.corporate),
  ];
  const { environmentId: envId } = t.environment;
  const attach = (cloud: 'ec2' | 'lxd', credentials: string) =>
    t.accountAdmin.call('environmentCloudAttach', t.account, {
      params: { envId, cloud },
      body: { credentials },
    });
  for (const [cloud, id] of [
    ['lxd', ours],
    ['ec2', await insertCredentials(database.db, t.otherEnvironment)],
    ['ec2', await insertCredentials(database.db, (await createTenant(database.db)).account)],
  ] as const)
    await expect(attach(cloud, id)).rejects.toMatchObject({
      code: 'InvalidValue',
      details: { field: 'credentials.id' },
    });
  await attach('ec2', ours);
  await attach('ec2', others);
  const list = () =>
    t.viewer.call('environmentCloudList', t.account, { params: { envId }, query: {} });
  expect((await list()).data).toEqual([{ cloud: 'ec2', credentials: { id: others } }]);
  const seen = await t.viewer.call('cloudCredentialsGet', t.account, {
    params: { cloudCredentialsId: others },
  });
  expect(seen.data.environments).toMatchObject([{ id: envId, accountId: t.account.accountId }]);
  await expect(
    t.environmentAdmin.call('environmentCloudAttach', t.account, {
      params: { envId, cloud: 'ec2' },
      body: { credentials: ours },
    }),
  ).rejects.toMatchObject({ code: 'ObjectNotFound' });
  await t.accountAdmin.call('environmentCloudDetach', t.account, {
    params: { envId, cloud: 'ec2' },
  });
  expect((await list()).data).toEqual([]);
});

test('credentials stay while an environment, a server or a call needs them, and the refusal lists these', async () => {
  const t = await createTenant(database.db);
  const id = await attachNewCredentials(database.db, t.account, t.environment);
  const image = await insertImage(database.db, t.environment);
  const role = await insertRole(database.db, t.environment, [image.id]);
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  const { data: server } = await t.environmentAdmin.call('serverLaunch', t.environment, {
    body: { farmRole: farmRoleId },
  });
  const params = { cloudCredentialsId: id };
  const remove = () => t.accountAdmin.call('cloudCredentialsDelete', t.account, { params });
  const { environmentId: envId } = t.environment;
  await expect(remove()).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: {
      blockers: [
        { type: 'environment', id: envId },
        { type: 'server', id: server.id },
      ],
    },
  });
  await t.accountAdmin.call('environmentCloudDetach', t.account, {
    params: { envId, cloud: 'ec2' },
  });
  // Whatever its environment uses since, a server is asked about with what it was launched with.
  await expect(remove()).rejects.toMatchObject({
    message: expect.stringContaining('used by 1 server.') as string,
    details: { blockers: [{ type: 'server', id: server.id }] },
  });
  const { db } = database;
  const ended = { status: 'terminated' as const, terminated_at: new Date() };
  await db.updateTable('servers').set(ended).where('id', '=', server.id).execute();
  await expect(remove()).rejects.toMatchObject({
    message: expect.stringContaining('1 call to') as string,
  });
  await db
    .updateTable('outbox')
    .set({ done_at: new Date() })
    .where('done_at', 'is', null)
    .execute();
  await remove();
  const left = db.selectFrom('servers').where('id', '=', server.id).select('cloud_credentials_id');
  expect(await left.executeTakeFirst()).toEqual({ cloud_credentials_id: null });
});

test('an environment that is deleted lets its credentials go; one that holds some is not empty', async () => {
  const t = await createTenant(database.db);
  const body = { name: randomName('environment') };
  const { data } = await t.accountAdmin.call('environmentCreate', t.account, { body });
  const at = { ...t.environment, environmentId: data.id };
  await attachNewCredentials(database.db, t.account, at);
  const own = await insertCredentials(database.db, at);
  const params = { envId: data.id };
  const remove = () => t.accountAdmin.call('environmentDelete', t.account, { params });
  await expect(remove()).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: { blockers: [{ type: 'cloudCredentials', id: own }] },
  });
  await t.accountAdmin.call('cloudCredentialsDelete', at, { params: { cloudCredentialsId: own } });
  await remove();
  const { db } = database;
  const attached = db.selectFrom('environment_clouds').where('environment_id', '=', data.id);
  expect(await attached.selectAll().execute()).toEqual([]);
});

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp } from './app.ts';
import { type Commands, openCommands } from './cli-commands.ts';
import { withDatabase } from './database.ts';
import { randomName } from './harness.ts';

const database = withDatabase();
let app: FastifyInstance;
let commands: Commands;
let imageId: string;
let roleId: number;

beforeAll(async () => {
  app = buildTestApp(database.db);
  commands = await openCommands(app, database.db);
  imageId = await commands.registerImage('user');
  roleId = await commands.createRole('user');
  const params = { roleId };
  const stdin = { image: { id: imageId } };
  await commands.dataOf('user', 'POST', '/roles/{roleId}/images/', { params, stdin });
});
afterAll(() => app.close());

type Id = { id: number };
type Server = { id: string; status: string };

async function createFarm(): Promise<{ farmId: number; farmRoleId: number }> {
  const stdin = { name: randomName('farm') };
  const { id: farmId } = await commands.dataOf<Id>('user', 'POST', '/farms/', { stdin });
  const farmRole = {
    alias: 'web',
    role: { id: roleId },
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    instanceType: { id: 'm5.large' },
    scaling: { enabled: true, minInstances: 2, maxInstances: 4 },
  };
  const made = await commands.dataOf<Id>('user', 'POST', '/farms/{farmId}/farm-roles/', {
    params: { farmId },
    stdin: farmRole,
  });
  return { farmId, farmRoleId: made.id };
}

const act = (route: string, params: Record<string, string | number>, stdin = {}) =>
  commands.dataOf('user', 'POST', route, { params, stdin });

const serversOf = (farmId: number) =>
  commands.dataOf<Server[]>('user', 'GET', '/farms/{farmId}/servers/', { params: { farmId } });

const statusesOf = async (farmId: number) =>
  (await serversOf(farmId)).map(({ status }) => status).toSorted();

describe('scalr-ctl farms', () => {
  it('launch to the minimum of each role, suspend, resume and terminate', async () => {
    const { farmId } = await createFarm();
    await act('/farms/{farmId}/actions/launch/', { farmId });
    expect(await statusesOf(farmId)).toEqual(['running', 'running']);
    await act('/farms/{farmId}/actions/suspend/', { farmId });
    expect(await statusesOf(farmId)).toEqual(['suspended', 'suspended']);
    await act('/farms/{farmId}/actions/resume/', { farmId });
    expect(await statusesOf(farmId)).toEqual(['running', 'running']);
    await act('/farms/{farmId}/actions/terminate/', { farmId }, { force: false });
    expect(new Set(await statusesOf(farmId))).toEqual(new Set(['terminated']));
  });

  it('are created, listed, updated, cloned and deleted', async () => {
    const { farmId } = await createFarm();
    const params = { farmId };
    const name = randomName('renamed');
    await commands.dataOf('user', 'PATCH', '/farms/{farmId}/', { params, stdin: { name } });
    const list = await commands.dataOf<Id[]>('user', 'GET', '/farms/', { options: { name } });
    expect(list.map(({ id }) => id)).toEqual([farmId]);
    const clone = await act('/farms/{farmId}/actions/clone/', params, { name: randomName('copy') });
    const parts = { params: { farmId: (clone as unknown as Id).id } };
    const roles = await commands.dataOf<Id[]>('user', 'GET', '/farms/{farmId}/farm-roles/', parts);
    expect(roles).toHaveLength(1);
    await commands.dataOf('user', 'DELETE', '/farms/{farmId}/', parts);
    await commands.dataOf('user', 'DELETE', '/farms/{farmId}/', { params });
  });

  it('that are locked refuse, in words, until they are unlocked', async () => {
    const { farmId } = await createFarm();
    const params = { farmId };
    const stdin = { lockComment: 'Release week', unlockPermission: 'anyone' };
    await act('/farms/{farmId}/actions/lock/', params, stdin);
    const refused = await commands.run('user', 'POST', '/farms/{farmId}/actions/launch/', {
      params,
    });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr[0]).toMatch(/^Error: Locked: .*Release week/);
    await act('/farms/{farmId}/actions/unlock/', params);
    await act('/farms/{farmId}/actions/launch/', params);
  });

  it('may be sent back from the editor', async () => {
    const { farmId } = await createFarm();
    const printed = await commands.run('user', 'PATCH', '/farms/{farmId}/', { params: { farmId } });
    expect(printed.stderr).toEqual([]);
  });
});

describe('scalr-ctl farm-roles', () => {
  it('are got, updated, cloned, launched and deleted', async () => {
    const { farmId, farmRoleId } = await createFarm();
    const params = { farmRoleId };
    const stdin = { scaling: { enabled: true, minInstances: 1, maxInstances: 3 } };
    const one = '/farm-roles/{farmRoleId}/';
    await commands.dataOf('user', 'PATCH', one, { params, stdin });
    expect(await commands.dataOf('user', 'GET', one, { params })).toMatchObject(stdin);
    await act('/farms/{farmId}/actions/launch/', { farmId });
    await act(`${one}servers/`, params);
    const servers = await commands.dataOf<Server[]>('user', 'GET', `${one}servers/`, { params });
    expect(servers).toHaveLength(2);
    const other = await createFarm();
    const clone = { name: 'copied', farm: { id: other.farmId } };
    expect(await act(`${one}actions/clone/`, params, clone)).toMatchObject({ alias: 'copied' });
    await commands.dataOf('user', 'DELETE', one, { params });
    expect((await commands.run('user', 'GET', one, { params })).exitCode).toBe(1);
  });
});

describe('scalr-ctl servers', () => {
  it('are launched, listed, updated, rebooted, suspended, resumed and terminated', async () => {
    const { farmId, farmRoleId } = await createFarm();
    await act('/farms/{farmId}/actions/launch/', { farmId });
    // Made from `--farmRoleId`: bare, and the text that was typed.
    const made = await act('/servers/', {}, { farmRole: String(farmRoleId) });
    const serverId = (made as unknown as Server).id;
    const options = { farmRole: String(farmRoleId) };
    const list = await commands.dataOf<Server[]>('user', 'GET', '/servers/', { options });
    expect(list.map(({ id }) => id)).toContain(serverId);
    const params = { serverId };
    const one = '/servers/{serverId}/';
    const status = async () =>
      (await commands.dataOf<Server>('user', 'GET', one, { params })).status;
    const stdin = { hostname: 'web-9.example.com' };
    await commands.dataOf('user', 'PATCH', one, { params, stdin });
    await act(`${one}actions/reboot/`, params, { hard: true });
    await act(`${one}actions/suspend/`, params);
    expect(await status()).toBe('suspended');
    await act(`${one}actions/resume/`, params);
    expect(await status()).toBe('running');
    await act(`${one}actions/terminate/`, params, { force: false });
    expect(await status()).toBe('terminated');
  });
});

it.each(['user', 'account'] as const)('scalr-ctl projects at the %s level', async (level) => {
  const [center] = await commands.dataOf<{ id: string }[]>('user', 'GET', '/cost-centers/');
  const costCenterId = center?.id ?? '';
  const params = { costCenterId };
  const read = await commands.dataOf('user', 'GET', '/cost-centers/{costCenterId}/', { params });
  expect(read).toMatchObject({ id: costCenterId });
  const stdin = {
    name: randomName('project'),
    costCenter: { id: costCenterId },
    billingCode: randomName('code'),
    leadEmail: 'lead@example.com',
  };
  const { id: projectId } = await commands.dataOf<{ id: string }>(level, 'POST', '/projects/', {
    stdin,
  });
  const one = '/projects/{projectId}/';
  const change = { description: 'For tests' };
  await commands.dataOf(level, 'PATCH', one, { params: { projectId }, stdin: change });
  const project = await commands.dataOf(level, 'GET', one, { params: { projectId } });
  expect(project).toMatchObject({ ...stdin, ...change });
  await commands.dataOf(level, 'DELETE', one, { params: { projectId } });
});

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Level } from '#contract/scope.ts';
import { buildTestApp } from './app.ts';
import { type Commands, newImage, newRole, openCommands } from './cli-commands.ts';
import { withDatabase } from './database.ts';
import { randomName } from './harness.ts';

const database = withDatabase();
let app: FastifyInstance;
let commands: Commands;

beforeAll(async () => {
  app = buildTestApp(database.db);
  commands = await openCommands(app, database.db);
});
afterAll(() => app.close());

const run: Commands['run'] = (...args) => commands.run(...args);
const dataOf: Commands['dataOf'] = (...args) => commands.dataOf(...args);
const registerImage = (level: Level) => commands.registerImage(level);
const createRole = (level: Level) => commands.createRole(level);

describe.each(['user', 'account', 'global'] as const)('scalr-ctl at the %s level', (level) => {
  it('registers, lists, gets, updates and deletes an image', async () => {
    const stdin = newImage();
    const { id } = await dataOf<{ id: string }>(level, 'POST', '/images/', { stdin });
    const options = { cloudImageId: stdin.cloudImageId, maxResults: '5' };
    const list = await dataOf<{ id: string }[]>(level, 'GET', '/images/', { options });
    expect(list.map((image) => image.id)).toEqual([id]);
    const params = { imageId: id };
    const change = { deprecated: true };
    await dataOf(level, 'PATCH', '/images/{imageId}/', { params, stdin: change });
    const image = await dataOf(level, 'GET', '/images/{imageId}/', { params });
    expect(image).toMatchObject({ ...stdin, deprecated: true });
    await dataOf(level, 'DELETE', '/images/{imageId}/', { params });
    const gone = await run(level, 'GET', '/images/{imageId}/', { params });
    expect(gone.exitCode).toBe(1);
    expect(gone.stderr[0]).toMatch(/^Error: ObjectNotFound: /);
  });

  it('copies an image to another location, and says why it cannot', async () => {
    const imageId = await registerImage(level);
    const route = '/images/{imageId}/actions/copy/';
    const params = { imageId };
    const copy = { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' };
    const made = await dataOf<{ id: string }>(level, 'POST', route, { params, stdin: copy });
    expect(made).toMatchObject({ ...copy, status: 'pending_copy' });
    const read = { params: { imageId: made.id } };
    expect(await dataOf(level, 'GET', '/images/{imageId}/', read)).toMatchObject(copy);
    for (const [code, stdin] of [
      ['InvalidStructure', { cloudPlatform: 'ec2' }],
      ['InvalidStructure', { cloudLocation: 'eu-west-1' }],
      ['InvalidValue', { ...copy, cloudLocation: 'atlantis-1' }],
      ['InvalidValue', { ...copy, cloudPlatform: 'gce' }],
      ['BadRequest', { ...copy, cloudLocation: 'us-east-1' }],
    ] as const) {
      const { exitCode, stderr } = await run(level, 'POST', route, { params, stdin });
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: [expect.stringMatching(`^Error: ${code}: `)],
      });
    }
  });

  it('sends an image or a role back from the editor without being refused', async () => {
    const imageId = await registerImage(level);
    await dataOf(level, 'PATCH', '/images/{imageId}/', { params: { imageId } });
    const roleId = await createRole(level);
    await dataOf(level, 'PATCH', '/roles/{roleId}/', { params: { roleId } });
  });

  it('adds, lists, gets, replaces and removes the image of a role', async () => {
    const roleId = await createRole(level);
    const [oldId, newId] = [await registerImage(level), await registerImage(level)];
    const params = { roleId, imageId: oldId };
    // Made from the options of an environment's command: the role's id is the text that was typed.
    const body = (id: string) => ({ image: { id }, role: { id: String(roleId) } });
    const route = '/roles/{roleId}/images/';
    await dataOf(level, 'POST', route, { params, stdin: body(oldId) });
    const list = await dataOf<{ image: { id: string } }[]>(level, 'GET', route, { params });
    expect(list.map(({ image }) => image.id)).toEqual([oldId]);
    expect(await dataOf(level, 'GET', `${route}{imageId}/`, { params })).toMatchObject({
      id: oldId,
    });
    const replace = `${route}{imageId}/actions/replace/`;
    await dataOf(level, 'POST', replace, { params, stdin: body(newId) });
    await dataOf(level, 'DELETE', `${route}{imageId}/`, { params: { roleId, imageId: newId } });
    expect(await dataOf(level, 'GET', route, { params })).toEqual([]);
  });

  it('replaces an image in its roles, and says what changed', async () => {
    const roleId = await createRole(level);
    const [oldId, newId] = [await registerImage(level), await registerImage(level)];
    const params = { roleId, imageId: oldId };
    await dataOf(level, 'POST', '/roles/{roleId}/images/', {
      params,
      stdin: { image: { id: oldId } },
    });
    const stdin = { deprecateOldImage: true, newImage: { id: newId } };
    const changed = await dataOf<{ id: number; scope: string }[]>(
      level,
      'POST',
      '/images/{imageId}/actions/replace/',
      { params, stdin },
    );
    expect(changed).toEqual([expect.objectContaining({ id: roleId })]);
  });

  it('creates, lists, updates and deletes a role', async () => {
    const stdin = newRole();
    const { id: roleId } = await dataOf<{ id: number }>(level, 'POST', '/roles/', { stdin });
    const options = { name: stdin.name };
    const list = await dataOf<{ id: number }[]>(level, 'GET', '/roles/', { options });
    expect(list.map(({ id }) => id)).toEqual([roleId]);
    const params = { roleId };
    await dataOf(level, 'PATCH', '/roles/{roleId}/', {
      params,
      stdin: { description: 'For tests' },
    });
    const role = await dataOf(level, 'GET', '/roles/{roleId}/', { params });
    expect(role).toMatchObject({ ...stdin, description: 'For tests' });
    await dataOf(level, 'DELETE', '/roles/{roleId}/', { params });
  });

  it('creates, gets, renames and deletes a role category', async () => {
    const stdin = { name: randomName('c').slice(0, 18) };
    const route = '/role-categories/';
    const { id } = await dataOf<{ id: number }>(level, 'POST', route, { stdin });
    const params = { roleCategoryId: id };
    const one = `${route}{roleCategoryId}/`;
    const renamed = { name: randomName('d').slice(0, 18) };
    await dataOf(level, 'PATCH', one, { params, stdin: renamed });
    expect(await dataOf(level, 'GET', one, { params })).toMatchObject(renamed);
    await dataOf(level, 'DELETE', one, { params });
    const all = await dataOf<{ id: number }[]>(level, 'GET', route);
    expect(all.map((category) => category.id)).not.toContain(id);
  });

  it('lists and gets operating systems', async () => {
    const [os] = await dataOf<{ id: string }[]>(level, 'GET', '/os/', {
      options: { family: 'ubuntu' },
    });
    const osId = os?.id ?? '';
    expect(await dataOf(level, 'GET', '/os/{osId}/', { params: { osId } })).toMatchObject({
      id: osId,
    });
  });

  it('is told in one line what is wrong', async () => {
    const printed = await run(level, 'POST', '/images/', { stdin: { ...newImage(), name: 'a b' } });
    expect(printed).toMatchObject({ exitCode: 1, stdout: [] });
    expect(printed.stderr).toEqual([expect.stringMatching(/^Error: InvalidValue: "name" /)]);
  });
});

it.each(['user', 'account'] as const)('scalr-ctl clones a role at the %s level', async (level) => {
  const params = { roleId: await createRole(level) };
  const stdin = { name: randomName('clone') };
  const route = '/roles/{roleId}/actions/clone/';
  expect(await dataOf(level, 'POST', route, { params, stdin })).toMatchObject(stdin);
});

it('scalr-ctl deprecates a role in favour of another', async () => {
  const [roleId, id] = [await createRole('user'), await createRole('user')];
  // Made from `--replacement`: the id is the text that was typed.
  const stdin = { deprecate: true, replacement: { id: String(id) } };
  const route = '/roles/{roleId}/actions/deprecate/';
  const role = await dataOf('user', 'POST', route, { params: { roleId }, stdin });
  expect(role).toMatchObject({ deprecated: true });
});

it('scalr-ctl creates, lists, gets, updates and deletes an environment', async () => {
  const costCenter = { id: '00000000-0000-4000-8000-000000000001' };
  const stdin = { name: randomName('environment'), costCenter };
  const { id: envId } = await dataOf<{ id: number }>('account', 'POST', '/environments/', {
    stdin,
  });
  const params = { envId };
  const route = '/environments/{envId}/';
  await dataOf('account', 'PATCH', route, { params, stdin: { status: 'inactive' } });
  const environment = await dataOf('account', 'GET', route, { params });
  expect(environment).toMatchObject({ ...stdin, status: 'inactive' });
  await dataOf('account', 'DELETE', route, { params });
});

it('a body goes with every request, and spaces are sent as +', async () => {
  const { sent } = commands.cli;
  sent.length = 0;
  await dataOf('user', 'GET', '/os/', { options: { name: 'Ubuntu 24.04' } });
  expect(sent[0]).toMatchObject({ method: 'GET', body: '{}' });
  expect(sent[0]?.url).toContain('name=Ubuntu+24.04');
});

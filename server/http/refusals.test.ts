import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';

// What the rules refuse, as a client sees it: the code, the member, and nothing changed.

const database = withDatabase();
let app: FastifyInstance;
let t: Tenant;
let others: Tenant;
let browser: Browser;
let oldImage: { id: string };
let role: { id: number };

beforeAll(async () => {
  const { db } = database;
  app = buildTestApp(db);
  t = await createTenant(db);
  others = await createTenant(db);
  browser = await openBrowser(app, db, t.corporateAdmin.email);
  oldImage = await insertImage(db, t.account);
  role = await insertRole(db, t.account, [oldImage.id], { use_scalr_agent: true });
  const { farmRoleId } = await insertFarm(db, t.environment, role.id);
  await insertServers(db, farmRoleId, oldImage.id, 2);
});
afterAll(() => app.close());

const account = () => `/account/${t.account.accountId}`;
const environment = () => `/user/${t.environment.environmentId}`;

async function contents() {
  const { db } = database;
  const of = (table: 'images' | 'roles' | 'accounts' | 'environments') =>
    db.selectFrom(table).selectAll().orderBy('id').execute();
  return {
    images: await of('images'),
    roles: await of('roles'),
    accounts: await of('accounts'),
    environments: await of('environments'),
    links: await db.selectFrom('role_images').selectAll().orderBy('role_id').execute(),
    log: await db.selectFrom('operations_log').select('revision').execute(),
    replacements: await db.selectFrom('replacements').select('id').execute(),
  };
}

/** @returns status and code of a refusal that changed nothing */
async function refused(method: 'POST' | 'DELETE', path: string, body?: unknown) {
  const before = await contents();
  const answer = await browser.send(method, path, body);
  expect(await contents()).toEqual(before);
  const { errors } = answer.json();
  expect(errors, answer.body).toHaveLength(1);
  return { status: answer.statusCode, ...errors[0] };
}

type Values = Parameters<typeof insertImage>[2];
const newImages: [string, Values, number, string][] = [
  ['another location', { cloud_location: 'us-west-2' }, 400, 'BadRequest'],
  ['another platform', { cloud_platform: 'gce', cloud_location: '' }, 400, 'BadRequest'],
  ['another OS', { os_id: 'debian-12-x' }, 409, 'OperatingSystemMismatch'],
  ['another architecture', { architecture: 'aarch64' }, 409, 'ConfigurationMismatch'],
  ['a deprecation', { deprecated_at: new Date(), deprecated_by: 'test' }, 409, 'Deprecated'],
  ['a failure', { status: 'failed' }, 409, 'UnacceptableImageStatus'],
  [
    'no agent for a role that needs one',
    { scalr_agent_installed: false },
    409,
    'UnacceptableImageStatus',
  ],
];

describe('replacing an image', () => {
  test.each(newImages)('by one with %s is refused', async (_name, values, status, code) => {
    const { id } = await insertImage(database.db, t.account, values);
    const everywhere = `${account()}/images/${oldImage.id}/actions/replace/`;
    const body = { newImage: { id }, scope: ['account', 'environment'], deprecateOldImage: true };
    expect(await refused('POST', everywhere, body)).toMatchObject({ status, code });
    const inOneRole = `${account()}/roles/${role.id}/images/${oldImage.id}/actions/replace/`;
    expect(await refused('POST', inOneRole, { image: { id } })).toMatchObject({ status, code });
  });

  test('by itself is refused', async () => {
    const path = `${account()}/images/${oldImage.id}/actions/replace/`;
    const refusal = await refused('POST', path, { newImage: oldImage.id });
    expect(refusal).toMatchObject({ status: 400, code: 'InvalidValue', field: 'newImage.id' });
  });

  test('by one that is not visible there is refused as if it did not exist', async () => {
    const path = `${account()}/images/${oldImage.id}/actions/replace/`;
    for (const at of [others.account, t.environment]) {
      const { id } = await insertImage(database.db, at);
      expect(await refused('POST', path, { newImage: id })).toMatchObject({
        status: 404,
        code: 'ObjectNotFound',
        field: 'newImage.id',
      });
    }
  });

  test('that is not visible itself is refused', async () => {
    const { id } = await insertImage(database.db, others.account);
    const path = `${account()}/images/${id}/actions/replace/`;
    expect(await refused('POST', path, { newImage: oldImage.id })).toMatchObject({ status: 404 });
  });

  test('beyond a scope that is left out, or above the own one, is refused', async () => {
    const { id } = await insertImage(database.db, t.account);
    const path = `${account()}/images/${oldImage.id}/actions/replace/`;
    for (const scope of [['environment'], ['scalr', 'account'], [], ['world']])
      expect(await refused('POST', path, { newImage: id, scope })).toMatchObject({
        status: 400,
        code: 'InvalidValue',
      });
  });
});

describe('promoting', () => {
  test.each(['images', 'roles'] as const)('%s of Corporate is refused', async (noun) => {
    const at = t.corporate;
    const { id } =
      noun === 'images' ? await insertImage(database.db, at) : await insertRole(database.db, at);
    const path = `${account()}/${noun}/${id}/actions/promote/`;
    expect(await refused('POST', path, {})).toMatchObject({ status: 403, code: 'ScopeViolation' });
    const above = `/global/${noun}/${id}/actions/promote/`;
    expect(await refused('POST', above, {})).toMatchObject({
      status: 404,
      code: 'EndpointNotFound',
    });
  });

  test('an image that is registered above names the other one', async () => {
    const cloudImage = { cloud_image_id: 'ami-collides' };
    const above = await insertImage(database.db, t.account, cloudImage);
    const { id } = await insertImage(database.db, t.environment, cloudImage);
    const path = `${environment()}/images/${id}/actions/promote/`;
    expect(await refused('POST', path, {})).toMatchObject({
      status: 409,
      code: 'UnicityViolation',
      blockers: [{ type: 'image', id: above.id }],
    });
  });

  test('a role whose name another environment has names the other one, whatever is to be merged', async () => {
    const { name } = await insertRole(database.db, t.otherEnvironment);
    const { id } = await insertRole(database.db, t.environment, [], { name });
    const path = `${environment()}/roles/${id}/actions/promote/`;
    for (const merge of [false, true])
      expect(await refused('POST', path, { merge })).toMatchObject({
        status: 409,
        code: 'UnicityViolation',
        blockers: [{ type: 'role', name }],
      });
  });
});

describe('deleting what is used', () => {
  test.each([
    ['an image', () => `${account()}/images/${oldImage.id}/`, 'role'],
    ['a role', () => `${account()}/roles/${role.id}/`, 'farmRole'],
    [
      'an image of a role where a farm runs it',
      () => `${account()}/roles/${role.id}/images/${oldImage.id}/`,
      'farmRole',
    ],
    ['an account', () => `/global/accounts/${t.account.accountId}/`, 'environment'],
    ['an environment', () => `${account()}/environments/${t.environment.environmentId}/`, 'farm'],
  ])('%s names what uses it', async (_name, path, type) => {
    const refusal = await refused('DELETE', path());
    expect(refusal).toMatchObject({ status: 409, code: 'ObjectInUse' });
    expect(refusal.blockers).toContainEqual(expect.objectContaining({ type }));
  });
});

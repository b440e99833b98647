import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../database/invariants.ts';
import { clearFaults, setFault } from '../database/queries/simulated-cloud/faults.ts';
import { removeObservedFarms } from '../database/queries/observed-farms/observed-farms.ts';
import { loseSimulatedImage } from '../database/queries/simulated-cloud/images.ts';
import { attachNewCredentials, insertCredentials } from '../testing/credentials.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../testing/factories.ts';
import { openPromptClouds, settleClouds } from '../testing/fleet.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { readInventory } from './inventory.ts';

const database = withDatabase();

afterEach(async () => {
  await clearFaults(database.db, {});
  expect(await checkInvariants(database.db)).toEqual([]);
  // What is read with these is nobody else's.
  for (const { id } of await database.db.selectFrom('cloud_credentials').select('id').execute())
    await removeObservedFarms(database.db, { credentialsId: id }, new Date());
  await database.db.deleteFrom('environment_clouds').execute();
  await database.db.updateTable('servers').set({ cloud_credentials_id: null }).execute();
  await database.db.deleteFrom('cloud_credentials').execute();
});

async function readAll(): Promise<void> {
  const errors: unknown[] = [];
  const { signal } = new AbortController();
  const told = { signal, onError: (error: unknown) => void errors.push(error) };
  await readInventory(database.db, openPromptClouds(database.db), told);
  expect(errors).toEqual([]);
}

type Query = ServiceInput<'cloudImageList'>['query'];

async function list(t: Tenant, query: Query = {}, at: ScopeRef = t.account) {
  return (await t.viewer.call('cloudImageList', at, { query: query as never })).data;
}

async function coverage(t: Tenant, at: ScopeRef = t.account) {
  return (await t.viewer.call('inventoryCoverageList', at, { query: {} })).data;
}

const namesOf = (images: { name: string }[]) => [...new Set(images.map(({ name }) => name))].sort();

test('after one reading each image is in use by what refers to it, or unused', async () => {
  const t = await createTenant(database.db);
  await insertCredentials(database.db, t.account);
  expect(await list(t)).toEqual([]);
  expect(await coverage(t)).toMatchObject([{ cloudLocation: null, read: null, isWhole: false }]);
  await readAll();
  expect((await coverage(t)).map(({ isWhole }) => isWhole)).toEqual([true, true, true]);
  const [web] = await list(t, { query: 'web-2026-10' });
  expect(web).toMatchObject({
    architecture: 'x86_64',
    size: 8,
    state: 'available',
    registrations: [],
    proposed: { name: 'web-2026-10', architecture: 'x86_64' },
    use: { verdict: 'inUse', servers: 2, groups: 1, templates: 1, words: expect.any(String) },
  });
  const unused = await list(t, { use: 'unused' });
  expect(namesOf(unused)).toEqual([
    'api-2026-07',
    'api-2026-09',
    'batch-2026-07',
    'batch-2026-08',
    'batch-2026-10',
    'web-2026-08',
  ]);
  expect(unused[0]?.use.words).toMatch(/^Unused: read 1 account in 3 regions, last at /);
  const params = { cloudImageKey: web?.id ?? '' };
  const { data } = await t.viewer.call('cloudImageReferenceList', t.account, { params, query: {} });
  expect(data.map(({ kind, name, words }) => `${kind} ${name} ${words}`)).toEqual([
    'group shop-web starts servers from it: template web, version 3, which is $Latest now',
    'server web-1 is running on it',
    'server web-2 is running on it',
    'template web, version 3 ($Latest, $Default) names it',
  ]);
});

test('a second reading of the same writes nothing but when it was', async () => {
  const t = await createTenant(database.db);
  await insertCredentials(database.db, t.account);
  await readAll();
  const rows = async () => {
    const all = (table: string) =>
      sql`SELECT xmin::text, xmax::text, ctid::text, t.* FROM ${sql.table(table)} t ORDER BY 3`.execute(
        database.db,
      );
    return [
      (await all('inventory_images')).rows,
      (await all('inventory_references')).rows,
      (await all('fleet_revisions')).rows,
    ];
  };
  const [before, seen] = [await rows(), await coverage(t)];
  await readAll();
  expect(await rows()).toEqual(before);
  expect((await coverage(t))[0]?.read).not.toBe(seen[0]?.read);
});

describe('one place that cannot be read', () => {
  test('makes what nothing refers to unknown, in the words of the cloud, and what is used stays in use', async () => {
    const t = await createTenant(database.db);
    await insertCredentials(database.db, t.account);
    await readAll();
    const at = { cloud_platform: 'ec2', cloud_location: 'sa-east-1' };
    await setFault(database.db, { ...at, kind: 'throttled', probability: 1, seconds: 0 });
    await readAll();
    expect(await list(t, { use: 'unused' })).toEqual([]);
    const unknown = await list(t, { use: 'unknown' });
    expect(namesOf(unknown)).toContain('web-2026-08');
    expect(unknown[0]?.use.words).toContain('RequestLimitExceeded');
    expect((await list(t, { query: 'web-2026-10', use: 'inUse' })).length).toBe(3);
    const failed = (await coverage(t)).filter(({ error }) => error !== null);
    expect(failed).toMatchObject([{ cloudLocation: 'sa-east-1', isWhole: false }]);
    // When it was read last is still said.
    expect(failed[0]?.read).not.toBeNull();
    await clearFaults(database.db, {});
    await readAll();
    expect((await list(t, { use: 'unused' })).length).toBe(18);
  });

  test('with the credentials of another account, says nothing here', async () => {
    const [t, other] = [await createTenant(database.db), await createTenant(database.db)];
    await insertCredentials(database.db, t.account);
    await readAll();
    await insertCredentials(database.db, other.account);
    expect((await list(t, { use: 'unused' })).length).toBe(18);
    expect(await list(other)).toEqual([]);
  });

  test('is that of an account above or of an environment below as well', async () => {
    const t = await createTenant(database.db);
    await insertCredentials(database.db, t.account);
    await readAll();
    for (const at of [t.corporate, t.environment]) {
      const id = await insertCredentials(database.db, at);
      expect(await list(t, { use: 'unused' })).toEqual([]);
      await database.db.deleteFrom('cloud_credentials').where('id', '=', id).execute();
    }
    expect((await list(t, { use: 'unused' })).length).toBe(18);
  });
});

test('each scope sees what was found with the credentials above it and below it, and no other', async () => {
  const t = await createTenant(database.db);
  const ids = [
    await insertCredentials(database.db, t.account),
    await insertCredentials(database.db, t.environment),
    await insertCredentials(database.db, t.otherEnvironment),
  ];
  await readAll();
  const seen = async (at: ScopeRef) =>
    new Set((await list(t, {}, at)).flatMap((image) => image.credentials.map(({ id }) => id)));
  expect(await seen(t.account)).toEqual(new Set(ids));
  expect(await seen(t.environment)).toEqual(new Set(ids.slice(0, 2)));
});

test('a server that runs an image elsewhere, out of sight, is counted and not named', async () => {
  const t = await createTenant(database.db);
  const own = await insertCredentials(database.db, t.environment);
  const other = await insertCredentials(database.db, t.otherEnvironment);
  await readAll();
  // Both accounts have the image, as with one that is shared.
  await sql`UPDATE inventory_references SET cloud_image_id = (SELECT cloud_image_id FROM inventory_images
      WHERE credentials_id = ${own} AND name = 'web-2026-08' AND cloud_location = 'us-east-1')
    WHERE credentials_id = ${other} AND id = (SELECT min(id) FROM inventory_references
      WHERE credentials_id = ${other} AND cloud_location = 'us-east-1' AND kind = 'server')
      AND cloud_location = 'us-east-1'`.execute(database.db);
  await sql`INSERT INTO inventory_images (credentials_id, cloud_platform, cloud_location, cloud_image_id, name, owner,
      state, first_seen_at) SELECT ${other}, cloud_platform, cloud_location, cloud_image_id, name, owner, state, now()
    FROM inventory_images WHERE credentials_id = ${own} AND name = 'web-2026-08'`.execute(
    database.db,
  );
  const [image] = (await list(t, { query: 'web-2026-08' }, t.environment)).filter(
    ({ cloudLocation }) => cloudLocation === 'us-east-1',
  );
  expect(image?.use).toMatchObject({ verdict: 'inUse', servers: 1, hidden: 1 });
  const params = { cloudImageKey: image?.id ?? '' };
  const { data } = await t.viewer.call('cloudImageReferenceList', t.environment, {
    params,
    query: {},
  });
  expect(data).toEqual([]);
});

test('Roles that hold a registered image, and farms that run it, use it', async () => {
  const t = await createTenant(database.db);
  await insertCredentials(database.db, t.account);
  await readAll();
  const [found] = (await list(t, { query: 'web-2026-08' })).filter(
    ({ cloudLocation }) => cloudLocation === 'us-east-1',
  );
  const cloud_image_id = found?.cloudImageId ?? '';
  const image = await insertImage(database.db, t.environment, { cloud_image_id });
  const again = async () =>
    (
      await t.viewer.call('cloudImageGet', t.account, {
        params: { cloudImageKey: found?.id ?? '' },
      })
    ).data;
  expect(await again()).toMatchObject({
    registrations: [{ id: image.id, name: image.name }],
    use: { verdict: 'unused' },
  });
  const role = await insertRole(database.db, t.environment, [image.id]);
  expect((await again()).use).toMatchObject({ verdict: 'inUse', roles: 1, farms: 0 });
  await insertFarm(database.db, t.environment, role.id);
  expect((await again()).use).toMatchObject({ verdict: 'inUse', roles: 1, farms: 1 });
  expect(namesOf(await list(t, { registered: true }))).toEqual(['web-2026-08']);
});

test('what is gone from the cloud is gone, and what refers to it is a use of an image that is missing', async () => {
  const t = await createTenant(database.db);
  await insertCredentials(database.db, t.account);
  await readAll();
  for (const name of ['batch-2026-10', 'batch-2026-09'])
    for (const image of await list(t, { query: name }))
      await loseSimulatedImage(database.db, image);
  await readAll();
  expect(await list(t, { query: 'batch-2026-10' })).toEqual([]);
  const missing = (await list(t)).filter(({ state }) => state === 'missing');
  expect(missing.length).toBe(3);
  expect(missing[0]?.use).toMatchObject({ verdict: 'inUse', servers: 1, groups: 1 });
  expect((await list(t, { running: true, registered: false })).map(({ id }) => id)).toContain(
    missing[0]?.id,
  );
});

test('a server that Slipway launches in an account is seen there', async () => {
  const t = await createTenant(database.db);
  await attachNewCredentials(database.db, t.account, t.environment);
  const image = await insertImage(database.db, t.environment);
  const role = await insertRole(database.db, t.environment, [image.id]);
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  const body = { farmRole: farmRoleId };
  await t.environmentAdmin.call('serverLaunch', t.environment, { body });
  await settleClouds(database.db, openPromptClouds(database.db));
  await readAll();
  const [found] = await list(t, { query: image.name });
  expect(found).toMatchObject({
    cloudImageId: image.cloud_image_id,
    registrations: [{ id: image.id }],
    use: { verdict: 'inUse', servers: 1, roles: 1, farms: 1 },
  });
});

test('what is not wanted is said at a scope, holds below it, and is taken back there alone', async () => {
  const t = await createTenant(database.db);
  await insertCredentials(database.db, t.account);
  await readAll();
  const [image] = await list(t, { query: 'web-2026-08' });
  const params = { cloudImageKey: image?.id ?? '' };
  const say = (who: Tenant['viewer'], at: ScopeRef, unwanted: boolean) =>
    who.call('cloudImageUpdate', at, { params, body: { unwanted } });
  await expect(say(t.viewer, t.account, true)).rejects.toMatchObject({
    code: 'PermissionViolation',
  });
  expect((await say(t.accountAdmin, t.account, true)).data.unwanted).toBe(true);
  expect((await list(t, { unwanted: true }, t.environment)).map(({ id }) => id)).toEqual([
    image?.id,
  ]);
  await expect(say(t.environmentAdmin, t.environment, false)).rejects.toMatchObject({
    code: 'ScopeViolation',
  });
  expect((await say(t.accountAdmin, t.account, false)).data.unwanted).toBe(false);
  expect(await list(t, { unwanted: true })).toEqual([]);
});

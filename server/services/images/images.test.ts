import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { type CallInput, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

type ListQuery = NonNullable<CallInput<'imageList'>['query']>;

/** Names of the images in a list, through the account's administrator. */
async function list(t: Tenant, at: ScopeRef, query: ListQuery = {}): Promise<string[]> {
  const answer = await t.accountAdmin.call('imageList', at, { query });
  return answer.data.map((image) => image.name);
}

describe('the list', () => {
  test('shows what a scope owns and inherits, never what lies beside or below it', async () => {
    const t = await createTenant(database.db);
    const stranger = await createTenant(database.db);
    const word = randomName('w');
    const add = (name: string, at: ScopeRef) =>
      insertImage(database.db, at, { name: `${word}-${name}` });
    await add('corporate', t.corporate);
    await add('account', t.account);
    await add('own', t.environment);
    await add('beside', t.otherEnvironment);
    await add('foreign', stranger.account);
    const names = async (at: ScopeRef) =>
      (await list(t, at, { query: word, sort: 'name' })).map((name) => name.slice(word.length + 1));
    expect(await names(t.environment)).toEqual(['account', 'corporate', 'own']);
    expect(await names(t.account)).toEqual(['account', 'corporate']);
    const atTop = await t.corporateAdmin.call('imageList', t.corporate, { query: { query: word } });
    expect(atTop.data.map((image) => image.name)).toEqual([`${word}-corporate`]);
    expect(await list(t, t.account, { query: word, scope: 'environment' })).toEqual([]);
    expect(await list(t, t.account, { query: word, scope: 'scalr' })).toEqual([
      `${word}-corporate`,
    ]);
  });

  test('finds a substring of name or cloud image id, two characters too, with % _ \\ as they are', async () => {
    const t = await createTenant(database.db);
    const add = (name: string, cloud_image_id: string) =>
      insertImage(database.db, t.environment, { name, cloud_image_id });
    await add('Alpha-Qz', 'id%one');
    await add('beta', 'id_two');
    await add('gamma', String.raw`id\three`);
    expect(await list(t, t.environment, { query: 'qZ', scope: 'environment' })).toEqual([
      'Alpha-Qz',
    ]);
    expect(await list(t, t.environment, { query: 'd%o' })).toEqual(['Alpha-Qz']);
    expect(await list(t, t.environment, { query: '_t' })).toEqual(['beta']);
    expect(await list(t, t.environment, { query: String.raw`\th` })).toEqual(['gamma']);
    expect(await list(t, t.environment, { query: '%%' })).toEqual([]);
  });

  test('narrows by every filter that Scalr has, and by use', async () => {
    const t = await createTenant(database.db);
    const odd = await insertImage(database.db, t.environment, {
      name: 'odd-one',
      cloud_platform: 'openstack',
      cloud_location: 'north',
      architecture: 'aarch64',
      os_id: 'debian-12-x',
      source: 'BundleTask',
      status: 'failed',
      deprecated_at: new Date(),
      deprecated_by: 'somebody',
      scalr_agent_installed: false,
      cloud_init_installed: true,
    });
    await insertImage(database.db, t.environment, { name: 'plain' });
    const filters: ListQuery[] = [
      { id: odd.id.toUpperCase() },
      { name: 'odd-one' },
      { cloudImageId: odd.cloud_image_id },
      { cloudPlatform: 'openstack' },
      { cloudPlatform: 'openstack', cloudLocation: 'north' },
      { architecture: 'aarch64' },
      { os: 'debian-12-x' },
      { source: 'BundleTask' },
      { status: 'failed' },
      { deprecated: 'true' },
      { scalrAgentInstalled: '0' },
      { cloudInitInstalled: '1' },
    ];
    for (const filter of filters)
      expect(
        await list(t, t.environment, { ...filter, scope: 'environment' }),
        JSON.stringify(filter),
      ).toEqual(['odd-one']);
    const plain = { scope: 'environment', deprecated: 'false', name: 'plain' } as const;
    expect(await list(t, t.environment, plain)).toEqual(['plain']);
    await expect(list(t, t.environment, { cloudLocation: 'north' })).rejects.toMatchObject({
      code: 'InvalidStructure',
      details: { field: 'cloudLocation' },
    });
  });

  test('tells what is in use at and below the scope, by a role or by a live server', async () => {
    const t = await createTenant(database.db);
    const names = ['by-role', 'by-server', 'by-ended-server', 'by-nothing'];
    const images = await Promise.all(
      names.map((name) => insertImage(database.db, t.account, { name })),
    );
    const [byRole, byServer, byEnded] = images.map((image) => image.id);
    const role = await insertRole(database.db, t.otherEnvironment, [byRole ?? '']);
    const { farmRoleId } = await insertFarm(database.db, t.otherEnvironment, role.id);
    await insertServers(database.db, farmRoleId, byServer ?? '', 1, 'suspended');
    await insertServers(database.db, farmRoleId, byEnded ?? '', 1, 'pending_terminate');
    const query = { scope: 'account', sort: 'name' } as const;
    expect(await list(t, t.account, { ...query, inUse: 'true' })).toEqual(['by-role', 'by-server']);
    expect(await list(t, t.account, { ...query, inUse: 'false' })).toEqual([
      'by-ended-server',
      'by-nothing',
    ]);
    expect(await list(t, t.environment, { ...query, inUse: 'true' })).toEqual([]);
    expect(await list(t, t.otherEnvironment, { ...query, inUse: 'true' })).toHaveLength(2);
  });
});

describe('the order of the list', () => {
  let t: Tenant;
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));
  const sample = [
    {
      name: 'ccc',
      added_at: day(1),
      last_used_at: null,
      cloud_location: 'eu-west-1',
      os_id: 'debian-12-x',
    },
    {
      name: 'aaa',
      added_at: day(2),
      last_used_at: day(9),
      cloud_location: 'us-west-2',
      os_id: 'ubuntu-24-04',
    },
    {
      name: 'bbb',
      added_at: day(3),
      last_used_at: day(8),
      cloud_location: 'ap-south-1',
      os_id: 'centos-7-x',
    },
    {
      name: 'ddd',
      added_at: day(4),
      last_used_at: day(8),
      cloud_location: 'eu-west-1',
      os_id: 'debian-12-x',
    },
  ];

  beforeAll(async () => {
    t = await createTenant(database.db);
    const { accountId, environmentId } = t.environment;
    for (const [index, values] of sample.entries()) {
      const at = index % 2 === 0 ? t.account : t.environment;
      const { id } = await insertImage(database.db, at, values);
      if (values.last_used_at === null) continue;
      await sql`INSERT INTO image_uses (image_id, account_id, environment_id, at)
        VALUES (${id}, ${accountId}, ${environmentId}, ${values.last_used_at})`.execute(
        database.db,
      );
    }
  });

  const inAccount = async (query: ListQuery) =>
    (await list(t, t.environment, query)).filter((name) => sample.some((row) => row.name === name));

  test.each([
    { sort: undefined, names: 'ccc aaa bbb ddd' },
    { sort: '-added', names: 'ddd bbb aaa ccc' },
    { sort: 'name', names: 'aaa bbb ccc ddd' },
    { sort: '-name', names: 'ddd ccc bbb aaa' },
    { sort: '-cloudLocation', names: 'aaa' },
    { sort: 'lastUsed', names: 'ccc' },
    { sort: '-lastUsed', names: 'aaa' },
    { sort: 'os', names: 'bbb' },
    { sort: '-os', names: 'aaa' },
  ] as const)('follows sort=$sort', async ({ sort, names }) => {
    const found = (await inAccount({ ...(sort && { sort }) })).join(' ');
    expect(found.startsWith(names)).toBe(true);
    expect(found).toHaveLength(15);
  });

  test.each([
    'name',
    '-name',
    'added',
    '-added',
    'lastUsed',
    '-lastUsed',
    'cloudLocation',
    '-os',
  ] as const)('by cursor, forwards and back, shows each image once in sort=%s', async (sort) => {
    const pageAt = async (cursor: string) => {
      const query = { sort, cursor, maxResults: '3' };
      return t.accountAdmin.call('imageList', t.environment, { query });
    };
    const pages: string[][] = [];
    let back: string | null = null;
    for (let cursor: string | null = 'start'; cursor !== null;) {
      const { data, page }: Awaited<ReturnType<typeof pageAt>> = await pageAt(cursor);
      if (page?.kind !== 'cursor') throw new Error('not a cursor page');
      pages.push(data.map((image) => image.name));
      cursor = page.next;
      back = page.prev;
    }
    const whole = await list(t, t.environment, { sort });
    expect(pages.flat()).toEqual(whole);
    expect(pages.length).toBeGreaterThan(1);
    const before = await list(t, t.environment, { sort, cursor: back ?? '', maxResults: '3' });
    expect(before).toEqual(pages.at(-2));
  });

  test('numbered pages name the last page, and totals are exact there', async () => {
    const { data, page } = await t.accountAdmin.call('imageList', t.environment, {
      query: { scope: 'environment', maxResults: '1', pageNum: '2', include: 'total' },
    });
    expect(data.map((image) => image.name)).toEqual(['ddd']);
    expect(page).toMatchObject({ kind: 'pages', pageNum: 2, lastPage: 2, total: 2 });
  });

  test('a total is counted to a thousand along a cursor, and whole on numbered pages', async () => {
    const { environment } = await createTenant(database.db);
    const { id } = await insertImage(database.db, environment);
    await sql`INSERT INTO images (name, scope, account_id, environment_id, cloud_platform,
        cloud_location, cloud_image_id, os_id, architecture, created_by)
      SELECT name, scope, account_id, environment_id, cloud_platform, cloud_location,
        cloud_image_id || '-' || n, os_id, architecture, created_by
      FROM images, generate_series(1, 1000) n WHERE id = ${id}`.execute(database.db);
    const pageOf = async (paging: { cursor?: string }) => {
      const query = { include: 'total', maxResults: '1', scope: 'environment', ...paging } as const;
      return (await t.corporateAdmin.call('imageList', environment, { query })).page;
    };
    expect(await pageOf({ cursor: 'start' })).toMatchObject({ total: 1000, totalCapped: true });
    expect(await pageOf({})).toMatchObject({ total: 1001, totalCapped: false });
    await database.db.deleteFrom('images').where('id', '=', id).execute();
    expect(await pageOf({ cursor: 'start' })).toMatchObject({ total: 1000, totalCapped: false });
  });

  test('a cursor of another scope, filter or sort is refused', async () => {
    const { page } = await t.accountAdmin.call('imageList', t.environment, {
      query: { cursor: 'start', maxResults: '1' },
    });
    const cursor = page?.kind === 'cursor' ? (page.next ?? '') : '';
    const refusal = { code: 'InvalidValue', details: { field: 'cursor' } };
    await expect(list(t, t.account, { cursor })).rejects.toMatchObject(refusal);
    await expect(list(t, t.environment, { cursor, os: 'debian-12-x' })).rejects.toMatchObject(
      refusal,
    );
    await expect(list(t, t.environment, { cursor, sort: '-added' })).rejects.toMatchObject(refusal);
    await expect(list(t, t.environment, { cursor: `${cursor}A` })).rejects.toMatchObject(refusal);
  });
});

test('an image is answered whole, with its use where one looks and what may be done with it', async () => {
  const t = await createTenant(database.db);
  const { id, name } = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.environment, [id]);
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  await insertServers(database.db, farmRoleId, id, 2);
  const get = (at: ScopeRef, include?: string) =>
    t.accountAdmin.call('imageGet', at, { params: { imageId: id }, query: { include } });
  const bare = (await get(t.account)).data;
  expect(bare).toMatchObject({ id, name, scope: 'account', accountId: t.account.accountId });
  expect(bare).not.toHaveProperty('usage');
  expect(bare).not.toHaveProperty('actions');
  const { data } = await get(t.account, 'usage,actions');
  expect(data.usage).toEqual({ roles: 1, farms: 1, servers: 2 });
  expect(data.actions?.delete).toMatchObject({ allowed: false, code: 'ObjectInUse' });
  expect((await get(t.otherEnvironment, 'usage')).data.usage).toEqual({
    roles: 0,
    farms: 0,
    servers: 0,
  });
});

test('an image that is not visible does not exist', async () => {
  const t = await createTenant(database.db);
  const stranger = await createTenant(database.db);
  const foreign = await insertImage(database.db, stranger.account);
  const beside = await insertImage(database.db, t.otherEnvironment);
  const deleted = await insertImage(database.db, t.environment, { deleted_at: new Date() });
  for (const { id } of [foreign, beside, deleted])
    await expect(
      t.environmentAdmin.call('imageGet', t.environment, { params: { imageId: id } }),
    ).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { type CallInput, createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

/** `farm` runs 3 servers on an old image and 2 on the role's; `calm` runs 1 on the role's image. */
async function twoFarms(t: Tenant) {
  const { db } = database;
  const old = await insertImage(db, t.account);
  const current = await insertImage(db, t.account);
  const role = await insertRole(db, t.account, [current.id]);
  const farm = await insertFarm(db, t.environment, role.id);
  const calm = await insertFarm(db, t.otherEnvironment, role.id);
  await insertServers(db, farm.farmRoleId, old.id, 3);
  await insertServers(db, farm.farmRoleId, current.id, 2);
  await insertServers(db, farm.farmRoleId, old.id, 6, 'terminated');
  await insertServers(db, calm.farmRoleId, current.id, 1);
  await insertServers(db, calm.farmRoleId, old.id, 1, 'pending_terminate');
  return { old, current, role, farm, calm };
}

test('farms are seen from their environment and every scope above, and from nowhere else', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const { farm, calm } = await twoFarms(t);
  const ids = async (who: Tenant['viewer'], at: ScopeRef) =>
    (await who.call('farmList', at)).data.map((row) => row.id);
  expect(await ids(t.viewer, t.environment)).toEqual([farm.farmId]);
  expect(await ids(t.viewer, t.account)).toEqual([farm.farmId, calm.farmId]);
  expect(await ids(other.viewer, other.account)).toEqual([]);
  expect(await ids(t.corporateAdmin, t.corporate)).toEqual(
    expect.arrayContaining([farm.farmId, calm.farmId]),
  );
  const params = { farmId: farm.farmId };
  for (const [who, at] of [
    [t.viewer, t.environment],
    [t.viewer, t.account],
    [t.corporateAdmin, t.corporate],
  ] as const) {
    expect((await who.call('farmGet', at, { params })).data.id).toBe(farm.farmId);
  }
});

test('a farm or farm role outside the scope does not exist there', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const { farm } = await twoFarms(t);
  const params = { farmId: farm.farmId, farmRoleId: farm.farmRoleId };
  for (const operation of ['farmGet', 'farmRoleList', 'farmRoleGet'] as const) {
    for (const [who, at] of [
      [t.viewer, t.otherEnvironment],
      [other.viewer, other.account],
      [other.viewer, other.environment],
    ] as const) {
      await expect(who.call(operation, at, { params })).rejects.toMatchObject({
        code: 'ObjectNotFound',
      });
    }
    await expect(
      t.viewer.call(operation, t.account, {
        params: { farmId: 2_000_000_000, farmRoleId: 2_000_000_000 },
      }),
    ).rejects.toMatchObject({ code: 'ObjectNotFound' });
  }
});

test('a farm shows its owner, its environment and, when asked, how many servers are on old images', async () => {
  const t = await createTenant(database.db);
  const { farm, calm } = await twoFarms(t);
  const plain = await t.viewer.call('farmGet', t.account, { params: { farmId: farm.farmId } });
  expect(plain.data).toMatchObject({
    status: 'running',
    accountId: t.account.accountId,
    envId: t.environment.environmentId,
    owner: { email: expect.stringContaining('@example.com') },
  });
  expect(plain.data).not.toHaveProperty('servers');
  const { data } = await t.viewer.call('farmList', t.account, {
    query: { include: 'usage,total' },
  });
  expect(data).toEqual([
    expect.objectContaining({ id: farm.farmId, farmRoles: 1, servers: { live: 5, old: 3 } }),
    expect.objectContaining({ id: calm.farmId, farmRoles: 1, servers: { live: 1, old: 0 } }),
  ]);
});

test('a farm without roles or servers counts none', async () => {
  const t = await createTenant(database.db);
  const { farm } = await twoFarms(t);
  await database.db.deleteFrom('servers').where('farm_id', '=', farm.farmId).execute();
  await database.db.deleteFrom('farm_roles').where('farm_id', '=', farm.farmId).execute();
  const { data } = await t.viewer.call('farmGet', t.account, {
    params: { farmId: farm.farmId },
    query: { include: 'usage' },
  });
  expect(data).toMatchObject({ farmRoles: 0, servers: { live: 0, old: 0 } });
});

test('each filter of farms leaves the farms that it names', async () => {
  const t = await createTenant(database.db);
  const { old, current, role, farm, calm } = await twoFarms(t);
  const both = (await t.viewer.call('farmList', t.account)).data;
  const [first, second] = both;
  if (!first || !second) throw new Error('no farms');
  await database.db
    .updateTable('farms')
    .set({ status: 'suspended', name: `50%_${second.name}` })
    .where('id', '=', calm.farmId)
    .execute();
  await database.db
    .updateTable('servers')
    .set({ status: 'suspended' })
    .where('farm_id', '=', calm.farmId)
    .where('status', '=', 'running')
    .execute();
  const cases: [NonNullable<CallInput<'farmList'>['query']>, number[]][] = [
    [{ query: first.name.slice(2).toUpperCase() }, [farm.farmId]],
    [{ query: '0%_f' }, [calm.farmId]],
    [{ query: '%' }, [calm.farmId]],
    [{ name: first.name }, [farm.farmId]],
    [{ name: first.name.slice(1) }, []],
    [{ id: calm.farmId }, [calm.farmId]],
    [{ owner: first.owner.id }, [farm.farmId]],
    [{ status: 'suspended' }, [calm.farmId]],
    [{ environment: second.envId }, [calm.farmId]],
    [{ account: t.account.accountId }, [farm.farmId, calm.farmId]],
    [{ role: role.id }, [farm.farmId, calm.farmId]],
    [{ image: old.id }, [farm.farmId]],
    [{ image: current.id }, [farm.farmId, calm.farmId]],
    [{ onOldImages: true }, [farm.farmId]],
    [{ onOldImages: false }, [calm.farmId]],
    [{ onOldImages: true, environment: second.envId }, []],
  ];
  for (const [query, expected] of cases) {
    const found = await t.viewer.call('farmList', t.account, { query });
    expect(
      found.data.map((row) => row.id),
      JSON.stringify(query),
    ).toEqual(expected);
  }
});

test.each(['id', '-id', 'name', '-name', 'added', '-added'] as const)(
  'farms sorted by %s come page by page in that order',
  async (sort) => {
    const t = await createTenant(database.db);
    const first = await twoFarms(t);
    const second = await twoFarms(t);
    const all = (await t.viewer.call('farmList', t.account, { query: { sort } })).data;
    const byId = [first.farm, first.calm, second.farm, second.calm].map((farm) => farm.farmId);
    if (sort !== 'name' && sort !== '-name')
      expect(all.map((row) => row.id)).toEqual(sort.startsWith('-') ? byId.reverse() : byId);
    const page = await t.viewer.call('farmList', t.account, {
      query: { sort, cursor: 'start', maxResults: 3 },
    });
    const next = page.page?.kind === 'cursor' ? (page.page.next ?? '') : '';
    const rest = await t.viewer.call('farmList', t.account, {
      query: { sort, cursor: next, maxResults: 3 },
    });
    expect([...page.data, ...rest.data]).toEqual(all);
  },
);

test('a farm role shows the image that its new servers start from', async () => {
  const t = await createTenant(database.db);
  const { current, role, farm } = await twoFarms(t);
  const { data } = await t.viewer.call('farmRoleList', t.environment, {
    params: { farmId: farm.farmId },
    query: { include: 'usage,total' },
  });
  expect(data).toEqual([
    expect.objectContaining({
      id: farm.farmRoleId,
      role: { id: role.id, name: role.name, deprecated: false },
      image: {
        id: current.id,
        name: current.name,
        cloudImageId: current.cloud_image_id,
        deprecated: false,
      },
      scaling: { enabled: true, minInstances: 1, maxInstances: 400 },
      servers: { live: 5, old: 3 },
    }),
  ]);
  const one = await t.viewer.call('farmRoleGet', t.environment, {
    params: { farmRoleId: farm.farmRoleId },
    query: { include: 'usage' },
  });
  expect(one.data).toEqual(data[0]);
  for (const [query, count] of [
    [{ role: role.id }, 1],
    [{ role: role.id + 100_000 }, 0],
    [{ platform: 'ec2' }, 1],
    [{ platform: 'gce' }, 0],
    [{ id: farm.farmRoleId }, 1],
  ] as const) {
    const found = await t.viewer.call('farmRoleList', t.environment, {
      params: { farmId: farm.farmId },
      query,
    });
    expect(found.data, JSON.stringify(query)).toHaveLength(count);
  }
});

test('on a cloud without image locations, a farm role in any zone takes the image of its platform', async () => {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.account, {
    cloud_platform: 'gce',
    cloud_location: '',
  });
  const role = await insertRole(database.db, t.account, [image.id]);
  const farm = await insertFarm(database.db, t.environment, role.id, {
    cloudPlatform: 'gce',
    cloudLocation: 'us-central1-a',
  });
  const { data } = await t.viewer.call('farmRoleGet', t.account, {
    params: { farmRoleId: farm.farmRoleId },
  });
  expect(data).toMatchObject({ cloudLocation: 'us-central1-a', image: { id: image.id } });
});

const badQueries: [what: string, query: Record<string, string>][] = [
  ['an unknown filter', { colour: 'red' }],
  ['an unknown sort', { sort: 'size' }],
  ['an unknown include', { include: 'secrets' }],
  ['page 0', { pageNum: '0' }],
  ['a page that is no number', { pageNum: '1e3' }],
  ['a page too deep', { pageNum: '100001' }],
  ['a size of 0', { maxResults: '0' }],
  ['a size of 101', { maxResults: '101' }],
  ['a search of 201 characters', { query: 'a'.repeat(201) }],
  ['a search with a NUL', { query: 'a\u0000' }],
  ['a search with half of a surrogate pair', { query: '\ud800' }],
  ['a role that is no number', { role: 'web' }],
  ['a negative role', { role: '-1' }],
  ['a role above 2^63', { role: '9223372036854775808' }],
  ['an image that is no UUID', { image: 'ami-1' }],
];

test.each(badQueries)(
  '%s in a query is refused by every list of the fleet',
  async (_what, query) => {
    const t = await createTenant(database.db);
    for (const operation of ['farmList', 'serverList', 'usageList'] as const)
      await expect(
        (async () => t.viewer.call(operation, t.account, { query }))(),
        operation,
      ).rejects.toMatchObject({ name: 'ZodError' });
  },
);

test('an altered cursor is refused by every list of the fleet', async () => {
  const t = await createTenant(database.db);
  for (const operation of ['farmList', 'serverList', 'usageList'] as const)
    for (const cursor of ['x', 'WyIxIiwiMSIsMV0', '\u0000', 'start2'])
      await expect(
        t.viewer.call(operation, t.account, { query: { cursor } }),
      ).rejects.toMatchObject({ code: 'InvalidValue', details: { field: 'cursor' } });
});

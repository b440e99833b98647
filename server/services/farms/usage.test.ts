import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf } from '../../auth/authorise.ts';
import { swapRoleImages } from '../../database/queries/roles/role-images.ts';
import { perform } from '../../perform.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { type CallInput, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

// Its roles hold images that were deprecated long before.
const database = withDatabase({ breaks: ['INV-15'] });

/** A role that has had an image since New Year; what a test replaces, it replaces in the table. */
async function roleWith(at: ScopeRef, imageId: string) {
  const role = await insertRole(database.db, at, [imageId]);
  await database.db
    .updateTable('role_images')
    .set({ added_at: '2026-01-01T00:00:00Z' })
    .where('role_id', '=', role.id)
    .execute();
  return role;
}

async function putImage(roleId: number, oldImageId: string, newImageId: string, at: string) {
  const place = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };
  const change = { roleId, ...place, oldImageId, newImageId };
  const stamp = { at: new Date(at), by: 'test@example.com' };
  await database.db.transaction().execute((tx) => swapRoleImages(tx, [change], stamp));
}

async function deprecate(imageId: string, at: string) {
  await database.db
    .updateTable('images')
    .set({ deprecated_at: at, deprecated_by: 'test@example.com' })
    .where('id', '=', imageId)
    .execute();
}

/**
 * A farm in each environment on a role whose image was replaced on 1 March: `farm` has 3 servers on the
 * old image and 2 on the new, `otherFarm` 4 on the old one.
 */
async function replacedImage(t: Tenant) {
  const { db } = database;
  const old = await insertImage(db, t.account);
  const current = await insertImage(db, t.account);
  const role = await roleWith(t.account, old.id);
  const farm = await insertFarm(db, t.environment, role.id);
  const otherFarm = await insertFarm(db, t.otherEnvironment, role.id);
  await insertServers(db, farm.farmRoleId, old.id, 3);
  await insertServers(db, otherFarm.farmRoleId, old.id, 4);
  await putImage(role.id, old.id, current.id, '2026-03-01T10:00:00Z');
  await insertServers(db, farm.farmRoleId, current.id, 2);
  return { old, current, role, farm, otherFarm };
}

test('a farm role has one row for each old image that its live servers run', async () => {
  const t = await createTenant(database.db);
  const { old, current, role, farm } = await replacedImage(t);
  const { data } = await t.viewer.call('usageList', t.environment);
  expect(data).toEqual([
    expect.objectContaining({
      id: `${farm.farmRoleId}:${old.id}`,
      farm: expect.objectContaining({ id: farm.farmId }),
      envId: t.environment.environmentId,
      accountId: t.account.accountId,
      role: { id: role.id, name: role.name },
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      image: expect.objectContaining({ id: old.id, cloudImageId: old.cloud_image_id }),
      roleImage: expect.objectContaining({ id: current.id }),
      stale: true,
      servers: { old: 3, live: 5 },
      since: '2026-03-01T10:00:00.000Z',
    }),
  ]);
});

test('servers that end or have ended, and those that wait for an image, are on no old image', async () => {
  const t = await createTenant(database.db);
  const { old, farm } = await replacedImage(t);
  await insertServers(database.db, farm.farmRoleId, old.id, 5, 'terminated');
  await insertServers(database.db, farm.farmRoleId, old.id, 1, 'pending_terminate');
  const [waiting] = await insertServers(database.db, farm.farmRoleId, old.id, 1, 'pending_launch');
  await sql`UPDATE servers SET image_id = NULL WHERE id = ${waiting}`.execute(database.db);
  await insertServers(database.db, farm.farmRoleId, old.id, 1, 'suspended');
  const { data } = await t.viewer.call('usageList', t.environment);
  expect(data.map((row) => row.servers)).toEqual([{ old: 4, live: 7 }]);
});

test('the same cloud image registered at another scope is not stale', async () => {
  const t = await createTenant(database.db);
  const low = await insertImage(database.db, t.environment);
  const high = await insertImage(database.db, t.account, { cloud_image_id: low.cloud_image_id });
  const role = await roleWith(t.environment, low.id);
  const farm = await insertFarm(database.db, t.environment, role.id);
  await insertServers(database.db, farm.farmRoleId, low.id, 2);
  await putImage(role.id, low.id, high.id, '2026-03-01T10:00:00Z');
  expect((await t.viewer.call('usageList', t.account)).data).toEqual([]);
});

test('a deprecated image is old although the role still has it', async () => {
  const t = await createTenant(database.db);
  const image = await insertImage(database.db, t.account);
  const role = await roleWith(t.account, image.id);
  const farm = await insertFarm(database.db, t.environment, role.id);
  await insertServers(database.db, farm.farmRoleId, image.id, 2);
  await deprecate(image.id, '2026-04-01T10:00:00Z');
  const { data } = await t.viewer.call('usageList', t.account);
  expect(data).toEqual([
    expect.objectContaining({
      stale: false,
      image: expect.objectContaining({ id: image.id, deprecated: true }),
      since: '2026-04-01T10:00:00.000Z',
    }),
  ]);
  const stale = await t.viewer.call('usageList', t.account, { query: { why: 'stale' } });
  expect(stale.data).toEqual([]);
});

const moments: [name: string, replacedAt: string, deprecatedAt: string | null, since: string][] = [
  ['replaced', '2026-03-01', null, '2026-03-01'],
  ['replaced, then deprecated', '2026-03-01', '2026-04-01', '2026-03-01'],
  ['deprecated, then replaced', '2026-03-01', '2026-02-01', '2026-02-01'],
];

test.each(moments)('an image %s is old since the earlier moment', async (_name, ...at) => {
  const [replacedAt, deprecatedAt, since] = at;
  const t = await createTenant(database.db);
  const old = await insertImage(database.db, t.account);
  const current = await insertImage(database.db, t.account);
  const role = await roleWith(t.account, old.id);
  const farm = await insertFarm(database.db, t.environment, role.id);
  await insertServers(database.db, farm.farmRoleId, old.id, 1);
  // It had been replaced and put back before: only the last time counts.
  await putImage(role.id, old.id, current.id, '2026-01-01T00:00:00Z');
  await putImage(role.id, current.id, old.id, '2026-01-02T00:00:00Z');
  await putImage(role.id, old.id, current.id, `${replacedAt}T00:00:00Z`);
  if (deprecatedAt) await deprecate(old.id, `${deprecatedAt}T00:00:00Z`);
  const { data } = await t.viewer.call('usageList', t.account);
  expect(data.map((row) => row.since)).toEqual([`${since}T00:00:00.000Z`]);
});

test('a scope shows what lies at and below it, and nothing of another account', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const mine = await replacedImage(t);
  const theirs = await replacedImage(other);
  const farmsSeen = async (who: Tenant['viewer'], at: ScopeRef) =>
    (await who.call('usageList', at)).data.map((row) => row.farm.id);
  expect(await farmsSeen(t.viewer, t.environment)).toEqual([mine.farm.farmId]);
  expect(await farmsSeen(t.viewer, t.account)).toEqual([mine.otherFarm.farmId, mine.farm.farmId]);
  expect(await farmsSeen(t.corporateAdmin, t.corporate)).toEqual(
    expect.arrayContaining([mine.farm.farmId, theirs.farm.farmId]),
  );
  const outside = await t.viewer.call('usageList', t.account, {
    query: { account: other.account.accountId },
  });
  expect(outside.data).toEqual([]);
  await expect(t.viewer.call('usageList', other.account)).rejects.toMatchObject({
    code: 'ObjectNotFound',
  });
});

test('each filter leaves the rows that it names, with all live servers of their farm roles', async () => {
  const t = await createTenant(database.db);
  const { old, current, role, farm, otherFarm } = await replacedImage(t);
  const { data } = await t.viewer.call('usageList', t.account);
  const [first] = data;
  if (!first) throw new Error('no row');
  const cases: [NonNullable<CallInput<'usageList'>['query']>, number[]][] = [
    [{ environment: t.environment.environmentId }, [farm.farmId]],
    [{ farm: otherFarm.farmId }, [otherFarm.farmId]],
    [{ owner: first.owner.id }, [otherFarm.farmId]],
    [{ role: role.id }, [otherFarm.farmId, farm.farmId]],
    [{ role: role.id + 100_000 }, []],
    [{ image: old.id.toUpperCase() }, [otherFarm.farmId, farm.farmId]],
    [{ image: current.id }, []],
    [{ cloudPlatform: 'ec2' }, [otherFarm.farmId, farm.farmId]],
    [{ cloudPlatform: 'gce' }, []],
    [{ cloudLocation: 'us-east-1' }, [otherFarm.farmId, farm.farmId]],
    [{ cloudLocation: 'us-east' }, []],
    [{ why: 'stale' }, [otherFarm.farmId, farm.farmId]],
    [{ why: 'deprecated' }, []],
    [{ query: first.farm.name.slice(3).toUpperCase() }, [otherFarm.farmId]],
    [{ query: old.cloud_image_id }, [otherFarm.farmId, farm.farmId]],
    [{ query: '%' }, []],
    [{ query: '_' }, []],
  ];
  for (const [query, expected] of cases) {
    const found = await t.viewer.call('usageList', t.account, { query });
    expect(
      found.data.map((row) => row.farm.id),
      JSON.stringify(query),
    ).toEqual(expected);
  }
  const one = await t.viewer.call('usageList', t.account, {
    query: { farm: farm.farmId, image: old.id },
  });
  expect(one.data[0]?.servers).toEqual({ old: 3, live: 5 });
});

test.each(['servers', '-servers', 'since', '-since', 'farm', '-farm'] as const)(
  'sorted by %s, pages by cursor and by number give every row once, in the same order',
  async (sort) => {
    const t = await createTenant(database.db);
    for (let i = 0; i < 3; i++) await replacedImage(t);
    // One of them is old since a time that nobody knows.
    await sql`DELETE FROM role_image_history WHERE role_id IN
      (SELECT max(id) FROM roles WHERE account_id = ${t.account.accountId})`.execute(database.db);
    const whole = (await t.viewer.call('usageList', t.account, { query: { sort } })).data;
    expect(whole).toHaveLength(6);
    const paged: string[] = [];
    let cursor: string | null = 'start';
    while (cursor !== null) {
      const answer: Awaited<ReturnType<typeof t.viewer.call<'usageList'>>> = await t.viewer.call(
        'usageList',
        t.account,
        { query: { sort, cursor, maxResults: 4 } },
      );
      paged.push(...answer.data.map((row) => row.id));
      cursor = answer.page?.kind === 'cursor' ? answer.page.next : null;
    }
    expect(paged).toEqual(whole.map((row) => row.id));
    const second = await t.viewer.call('usageList', t.account, {
      query: { sort, maxResults: 4, pageNum: 2, include: 'total' },
    });
    expect(second.data.map((row) => row.id)).toEqual(paged.slice(4));
    expect(second.page).toMatchObject({ lastPage: 2, total: 6 });
  },
);

test('what is old since a time that nobody knows sorts as the oldest', async () => {
  const t = await createTenant(database.db);
  const [known, unknown] = [await replacedImage(t), await replacedImage(t)];
  await sql`DELETE FROM role_image_history WHERE role_id = ${unknown.role.id}`.execute(database.db);
  const imagesBy = async (sort: 'since' | '-since') =>
    (await t.viewer.call('usageList', t.environment, { query: { sort } })).data.map((row) => [
      row.image.id,
      row.since,
    ]);
  const oldest = [unknown.old.id, null];
  const newest = [known.old.id, '2026-03-01T10:00:00.000Z'];
  expect(await imagesBy('since')).toEqual([oldest, newest]);
  expect(await imagesBy('-since')).toEqual([newest, oldest]);
  const groups = await t.viewer.call('usageGroupList', t.environment, {
    query: { by: 'image', sort: 'since' },
  });
  expect(groups.data.map((group) => group.id)).toEqual([unknown.old.id, known.old.id]);
});

test.each(['farm', 'owner', 'image'] as const)(
  'grouped by %s, usage is old since the oldest of its rows, or since nobody knows when',
  async (by) => {
    const t = await createTenant(database.db);
    const { db } = database;
    const [old, current] = [await insertImage(db, t.account), await insertImage(db, t.account)];
    const roles = [await roleWith(t.account, old.id), await roleWith(t.account, old.id)];
    const moments = ['2026-03-05T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];
    const { farmId, farmRoleId } = await insertFarm(db, t.environment, roles[0]?.id ?? 0);
    const second = await insertFarm(db, t.environment, roles[1]?.id ?? 0);
    await db
      .updateTable('farm_roles')
      .set({ farm_id: farmId })
      .where('id', '=', second.farmRoleId)
      .execute();
    for (const id of [farmRoleId, second.farmRoleId]) await insertServers(db, id, old.id, 1);
    for (const [index, role] of roles.entries())
      await putImage(role.id, old.id, current.id, moments[index] ?? '');
    const sinces = async () => {
      const rows = await t.viewer.call('usageList', t.environment, { query: { sort: 'since' } });
      const groups = await t.viewer.call('usageGroupList', t.environment, { query: { by } });
      return { rows: rows.data.map((row) => row.since), groups: groups.data.map((g) => g.since) };
    };
    expect(await sinces()).toEqual({ rows: moments.toReversed(), groups: [moments[1]] });
    await sql`DELETE FROM role_image_history WHERE role_id = ${roles[0]?.id}`.execute(db);
    expect(await sinces()).toEqual({ rows: [null, moments[1]], groups: [null] });
  },
);

test('a row that a text finds in several ways is listed and counted once', async () => {
  const t = await createTenant(database.db);
  const { old, farm, role } = await replacedImage(t);
  const name = randomName('found');
  await database.db.updateTable('farms').set({ name }).where('id', '=', farm.farmId).execute();
  await database.db.updateTable('roles').set({ name }).where('id', '=', role.id).execute();
  await database.db.updateTable('images').set({ name }).where('id', '=', old.id).execute();
  const { data, page } = await t.viewer.call('usageList', t.environment, {
    query: { query: name, include: 'total' },
  });
  expect(data.map((row) => row.farm.id)).toEqual([farm.farmId]);
  expect(page).toMatchObject({ total: 1 });
});

test('a cursor of other filters is refused', async () => {
  const t = await createTenant(database.db);
  await replacedImage(t);
  const { page } = await t.viewer.call('usageList', t.account, {
    query: { cursor: 'start', maxResults: 1 },
  });
  const next = page?.kind === 'cursor' ? (page.next ?? '') : '';
  for (const query of [
    { cursor: next, why: 'stale' },
    { cursor: next, sort: 'since' },
    { cursor: `${next.slice(0, -2)}xx` },
  ] as const) {
    await expect(t.viewer.call('usageList', t.account, { query })).rejects.toMatchObject({
      code: 'InvalidValue',
      details: { field: 'cursor' },
    });
  }
});

test('grouped by farm or by image, the groups add up to the rows', async () => {
  const t = await createTenant(database.db);
  const { old, farm, otherFarm } = await replacedImage(t);
  const farms = await t.viewer.call('usageGroupList', t.account, {
    query: { by: 'farm', include: 'total' },
  });
  expect(farms.page).toMatchObject({ total: 2 });
  expect(farms.data).toEqual([
    expect.objectContaining({
      id: String(otherFarm.farmId),
      farm: expect.objectContaining({ id: otherFarm.farmId }),
      image: null,
      servers: 4,
      images: 1,
      farmRoles: 1,
      since: '2026-03-01T10:00:00.000Z',
    }),
    expect.objectContaining({ id: String(farm.farmId), servers: 3 }),
  ]);
  const images = await t.viewer.call('usageGroupList', t.account, { query: { by: 'image' } });
  expect(images.data).toEqual([
    expect.objectContaining({
      id: old.id,
      farm: null,
      owner: null,
      image: expect.objectContaining({ id: old.id, cloudLocation: 'us-east-1' }),
      servers: 7,
      farms: 2,
      farmRoles: 2,
    }),
  ]);
  const first = await t.viewer.call('usageGroupList', t.account, {
    query: { by: 'farm', sort: 'farm', cursor: 'start', maxResults: 1 },
  });
  const next = first.page?.kind === 'cursor' ? first.page.next : null;
  const second = await t.viewer.call('usageGroupList', t.account, {
    query: { by: 'farm', sort: 'farm', cursor: next ?? '', maxResults: 1 },
  });
  expect([...first.data, ...second.data].map((group) => group.id).sort()).toEqual(
    [String(farm.farmId), String(otherFarm.farmId)].sort(),
  );
});

test('totals count what the filters leave, of the live servers of that part of the fleet', async () => {
  const t = await createTenant(database.db);
  const { old } = await replacedImage(t);
  const totals = await t.viewer.call('usageTotals', t.account);
  expect(totals.data).toEqual({
    farms: 2,
    owners: 2,
    images: 1,
    farmRoles: 2,
    servers: 7,
    liveServers: 9,
  });
  const part = await t.viewer.call('usageTotals', t.account, {
    query: { environment: t.environment.environmentId, image: old.id },
  });
  expect(part.data).toMatchObject({ farms: 1, servers: 3, liveServers: 5 });
  const none = await t.viewer.call('usageTotals', t.account, { query: { query: 'no such thing' } });
  expect(none.data).toEqual({
    farms: 0,
    owners: 0,
    images: 0,
    farmRoles: 0,
    servers: 0,
    liveServers: 9,
  });
});

async function exportRows(t: Tenant, at: ScopeRef) {
  const { id } = await database.db
    .selectFrom('users')
    .where('email', '=', t.viewer.email)
    .select('id')
    .executeTakeFirstOrThrow();
  const lines: (readonly (string | number | null)[])[] = [];
  const answer = await perform(database.db, {
    operation: 'usageExport',
    caller: { kind: 'user', userId: id, email: t.viewer.email },
    address: addressOf(at),
    input: { params: {}, query: {}, body: undefined },
    consume: async (rows, head) => {
      expect(head.revision).toMatch(/^\d+\.\d+$/);
      for await (const row of rows) lines.push(row);
    },
  });
  expect(answer).not.toHaveProperty('csv');
  return lines;
}

test('the export has a header, the rows of the list in its order, and no cell that starts a formula', async () => {
  const t = await createTenant(database.db);
  const { farm } = await replacedImage(t);
  await database.db
    .updateTable('farms')
    .set({ name: '=HYPERLINK("http://example.com")' })
    .where('id', '=', farm.farmId)
    .execute();
  const [header, ...rows] = await exportRows(t, t.account);
  expect(header?.slice(0, 4)).toEqual(['Account', 'Environment', 'Farm', 'Farm id']);
  const column = (name: string) => rows.map((row) => row[header?.indexOf(name) ?? -1]);
  expect(column('Servers on the old image')).toEqual([4, 3]);
  expect(column('Live servers')).toEqual([4, 5]);
  expect(column('Farm')[1]).toBe('\'=HYPERLINK("http://example.com")');
  expect(column('Old since (UTC)')).toEqual([
    '2026-03-01T10:00:00.000Z',
    '2026-03-01T10:00:00.000Z',
  ]);
});

test('the export goes on past one fetch from the database', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  const old = await insertImage(db, t.account);
  const current = await insertImage(db, t.account);
  const role = await roleWith(t.account, current.id);
  const farm = await insertFarm(db, t.environment, role.id);
  await sql`WITH added AS (
      INSERT INTO farm_roles (farm_id, account_id, environment_id, role_id, alias, cloud_platform, cloud_location)
      SELECT farm_id, account_id, environment_id, role_id, ${randomName('alias')} || n, cloud_platform, cloud_location
      FROM farm_roles, generate_series(1, 1203) n WHERE id = ${farm.farmRoleId} RETURNING *)
    INSERT INTO servers (farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform,
      cloud_location, server_index, status)
    SELECT farm_id, id, account_id, environment_id, ${old.id}, cloud_platform, cloud_location, 1, 'running'
    FROM added`.execute(db);
  const rows = await exportRows(t, t.account);
  expect(new Set(rows.map((row) => row[7])).size).toBe(1204);
});

test('an export whose reader gives up ends its transaction', async () => {
  const t = await createTenant(database.db);
  await replacedImage(t);
  await expect(
    perform(database.db, {
      operation: 'usageExport',
      caller: { kind: 'system', name: 'system:test' },
      address: addressOf(t.account),
      input: { params: {}, query: {}, body: undefined },
      consume: async () => {
        throw new Error('The download was cancelled');
      },
    }),
  ).rejects.toThrow();
  const { rows } = await sql`SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%'`.execute(database.db);
  expect(rows).toEqual([]);
});

import { expect, test } from 'vitest';
import type { PageInfo } from '../database/queries/lists/paging.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';

const database = withDatabase();

/** Every name of a list, read two at a time by cursor. */
async function walkNames(
  t: Tenant,
  list: 'imageList' | 'roleList' | 'farmList',
  sort: 'name' | '-name',
) {
  const names: string[] = [];
  for (let cursor: string | null = 'start'; cursor !== null;) {
    const answer: { data: { name: string }[]; page?: PageInfo } = await t.viewer.call(
      list,
      t.environment,
      { query: { cursor, sort, maxResults: 2 } },
    );
    names.push(...answer.data.map(({ name }) => name));
    cursor = answer.page?.kind === 'cursor' ? answer.page.next : null;
  }
  return names;
}

const natural = ['Nginx-1-2', 'nginx-1-9', 'NGINX-1-10', 'nginx-1-010', 'nginx-2'];

test('names sort by the numbers in them and without regard to case, on every page of a cursor', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  for (const name of natural.toReversed()) {
    const image = await insertImage(db, t.account, { name });
    const role = await insertRole(db, t.environment, [image.id], { name });
    const farm = await insertFarm(db, t.environment, role.id);
    await db.updateTable('farms').set({ name }).where('id', '=', farm.farmId).execute();
  }
  for (const list of ['imageList', 'roleList', 'farmList'] as const) {
    const names = await walkNames(t, list, 'name');
    const own = names.filter((name) => natural.includes(name));
    // Equal numbers and letters: whichever comes first, it does so in every list and direction.
    expect(own.toSorted()).toEqual(natural.toSorted());
    expect([own[0], own[1], own[4]]).toEqual(['Nginx-1-2', 'nginx-1-9', 'nginx-2']);
    expect((await walkNames(t, list, '-name')).toReversed()).toEqual(names);
  }
});

test('names of categories, accounts, environments and scopes sort the same way', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  const at = t.account;
  for (const name of ['team 10', 'Team 9', 'team 2'])
    await db.insertInto('environments').values({ account_id: at.accountId, name }).execute();
  for (const name of ['team 10', 'Team 9', 'team 2'])
    await db
      .insertInto('role_categories')
      .values({ name, scope: 'account', account_id: at.accountId, environment_id: null })
      .execute();
  const named = (rows: readonly { name: string }[]) =>
    rows.map(({ name }) => name).filter((name) => name.toLowerCase().startsWith('team'));
  const wanted = ['team 2', 'Team 9', 'team 10'];
  const query = { sort: 'name', query: 'TEAM' } as const;
  const environments = await t.viewer.call('environmentList', at, { query });
  expect(named(environments.data)).toEqual(wanted);
  const categories = await t.viewer.call('roleCategoryList', at, { query });
  expect(categories.data.map(({ name }) => name)).toEqual(wanted);
});

/** Three farms on three roles: 1, 4 and 2 live servers, of which 1, 0 and 2 run an old image. */
async function busyFleet(t: Tenant) {
  const { db } = database;
  const old = await insertImage(db, t.account);
  const current = await insertImage(db, t.account);
  const farms = [];
  for (const [onOld, onCurrent] of [
    [1, 0],
    [0, 4],
    [2, 0],
  ] as const) {
    const role = await insertRole(db, t.account, [current.id]);
    const farm = await insertFarm(db, t.environment, role.id);
    if (onOld > 0) await insertServers(db, farm.farmRoleId, old.id, onOld);
    if (onCurrent > 0) await insertServers(db, farm.farmRoleId, current.id, onCurrent);
    farms.push({ id: farm.farmId, roleId: role.id });
  }
  // Elsewhere: no count of the environment has it.
  const elsewhere = await insertFarm(db, t.otherEnvironment, farms[0]?.roleId ?? 0);
  await insertServers(db, elsewhere.farmRoleId, old.id, 9);
  const [few, many, worst] = farms;
  if (!few || !many || !worst) throw new Error('Three farms were made');
  return { old, current, few, many, worst };
}

test('farms sort by their servers, and by those on old images', async () => {
  const t = await createTenant(database.db);
  const { few, many, worst } = await busyFleet(t);
  const ids = async (sort: 'oldServers' | '-oldServers' | '-servers') =>
    (await t.viewer.call('farmList', t.environment, { query: { sort } })).data.map(({ id }) => id);
  expect(await ids('-oldServers')).toEqual([worst.id, few.id, many.id]);
  expect(await ids('oldServers')).toEqual([many.id, few.id, worst.id]);
  expect(await ids('-servers')).toEqual([many.id, worst.id, few.id]);
});

test('roles sort by what the scope counts of them: farms, servers, old ones', async () => {
  const t = await createTenant(database.db);
  const { few, many, worst } = await busyFleet(t);
  const own = [few, many, worst].map(({ roleId }) => roleId);
  const ids = async (
    at: Tenant['account' | 'environment'],
    sort: '-oldServers' | '-servers' | '-farms',
  ) =>
    (await t.viewer.call('roleList', at, { query: { sort } })).data
      .map(({ id }) => id)
      .filter((id) => own.includes(id));
  expect(await ids(t.environment, '-oldServers')).toEqual([worst, few, many].map((f) => f.roleId));
  expect(await ids(t.environment, '-servers')).toEqual([many, worst, few].map((f) => f.roleId));
  expect(await ids(t.account, '-oldServers')).toEqual([few, worst, many].map((f) => f.roleId));
  expect((await ids(t.account, '-farms'))[0]).toBe(few.roleId);
});

test('images sort by the roles that hold them and by the servers that run them, page after page', async () => {
  const t = await createTenant(database.db);
  const { old, current } = await busyFleet(t);
  const unused = await insertImage(database.db, t.environment);
  const ids = async (sort: '-roles' | '-servers', cursor: string) => {
    const { data, page } = await t.viewer.call('imageList', t.environment, {
      query: { sort, cursor, maxResults: 1 },
    });
    return { id: data[0]?.id, next: page?.kind === 'cursor' ? (page.next ?? '') : '' };
  };
  // The roles are of the account: an environment counts those at and below itself.
  const roles = await t.viewer.call('imageList', t.account, { query: { sort: '-roles' } });
  expect(roles.data[0]?.id).toBe(current.id);
  const most = await ids('-servers', 'start');
  const next = await ids('-servers', most.next);
  expect([most.id, next.id]).toEqual([current.id, old.id]);
  const last = await t.viewer.call('imageList', t.environment, { query: { sort: 'servers' } });
  expect(last.data.slice(-2).map(({ id }) => id)).toEqual([old.id, current.id]);
  expect(last.data.map(({ id }) => id)).toContain(unused.id);
});

test('the page before one whose rows are all gone is still found, whole', async () => {
  const t = await createTenant(database.db);
  const names = ['img-a', 'img-b', 'img-c', 'img-d', 'img-e'];
  for (const name of names) await insertImage(database.db, t.environment, { name });
  const page = async (cursor: string) => {
    const answer = await t.viewer.call('imageList', t.environment, {
      query: { scope: 'environment', sort: 'name', maxResults: 2, cursor },
    });
    if (answer.page?.kind !== 'cursor') throw new Error('Asked for with a cursor');
    return { names: answer.data.map(({ name }) => name), ...answer.page };
  };
  const second = await page((await page('start')).next ?? '');
  const third = second.next ?? '';
  expect((await page(third)).names).toEqual(['img-e']);
  await database.db
    .updateTable('images')
    .set({ deleted_at: new Date() })
    .where('name', '=', 'img-e')
    .where('environment_id', '=', t.environment.environmentId)
    .execute();
  const empty = await page(third);
  expect(empty).toMatchObject({ names: [], next: null });
  const back = await page(empty.prev ?? '');
  expect(back.names).toEqual(['img-c', 'img-d']);
  expect((await page(back.prev ?? '')).names).toEqual(['img-a', 'img-b']);
});

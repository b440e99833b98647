import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertRole } from '../../testing/factories.ts';
import { type Client, createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();
const someName = () => randomName('Shelf').slice(0, 18);

function create(who: Client, at: ScopeRef, name = someName()) {
  return who.call('roleCategoryCreate', at, { body: { name } });
}

test('a category lives at the scope that made it, and those below may use it', async () => {
  const t = await createTenant(database.db);
  for (const [who, at] of [
    [t.corporateAdmin, t.corporate],
    [t.accountAdmin, t.account],
    [t.environmentAdmin, t.environment],
  ] as const) {
    const { data } = await create(who, at);
    expect(data.scope).toBe(at.scope);
    const role = await t.environmentAdmin.call('roleCreate', t.environment, {
      body: { name: randomName('role'), category: data.id, os: 'ubuntu-24-04' },
    });
    expect(role.data.category).toEqual({ id: data.id });
  }
});

test.each(['a', 'nineteen characters', ' Edge', 'Edge-', 'Edge_1', 'Größe', ''])(
  'the name "%s" is refused',
  async (name) => {
    const t = await createTenant(database.db);
    await expect(async () => create(t.accountAdmin, t.account, name)).rejects.toThrow();
  },
);

test('a name is used once in a scope and those above it, for new categories and renamed ones', async () => {
  const t = await createTenant(database.db);
  const name = someName();
  const { data: above } = await create(t.accountAdmin, t.account, name);
  const { data: own } = await create(t.environmentAdmin, t.environment);
  const taken = { code: 'UnicityViolation', details: { field: 'name' } };
  await expect(create(t.accountAdmin, t.account, name)).rejects.toMatchObject(taken);
  await expect(create(t.environmentAdmin, t.environment, name)).rejects.toMatchObject(taken);
  await expect(create(t.environmentAdmin, t.environment, 'Base')).rejects.toMatchObject(taken);
  const params = { roleCategoryId: own.id };
  const rename = (to: string) =>
    t.environmentAdmin.call('roleCategoryUpdate', t.environment, { params, body: { name: to } });
  await expect(rename(name)).rejects.toMatchObject(taken);
  expect((await rename(own.name)).data).toEqual(own);
  expect((await rename(`${own.name.slice(0, 16)}x`)).data.id).toBe(own.id);
  expect(above.name).toBe(name);
});

test('a category is changed at its own scope only', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  const params = { roleCategoryId: data.id };
  const body = { name: someName() };
  for (const [who, at, code] of [
    [t.accountAdmin, t.environment, 'ScopeViolation'],
    [other.accountAdmin, other.account, 'ObjectNotFound'],
    [t.viewer, t.account, 'PermissionViolation'],
  ] as const) {
    await expect(who.call('roleCategoryUpdate', at, { params, body })).rejects.toMatchObject({
      code,
    });
    await expect(who.call('roleCategoryDelete', at, { params })).rejects.toMatchObject({ code });
  }
  await expect(
    t.accountAdmin.call('roleCategoryUpdate', t.account, {
      params,
      body: { ...body, scope: 'environment' },
    }),
  ).rejects.toMatchObject({ code: 'InvalidValue', details: { field: 'scope' } });
});

test('a category goes when no role is in it; roles that were deleted do not hold it', async () => {
  const t = await createTenant(database.db);
  const { data } = await create(t.accountAdmin, t.account);
  const params = { roleCategoryId: data.id };
  const role = await insertRole(database.db, t.account, [], { category_id: data.id });
  await expect(
    t.accountAdmin.call('roleCategoryDelete', t.account, { params }),
  ).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: { blockers: [{ type: 'role', id: role.id, name: role.name }] },
  });
  await t.accountAdmin.call('roleDelete', t.account, { params: { roleId: role.id } });
  await t.accountAdmin.call('roleCategoryDelete', t.account, { params });
  await expect(t.accountAdmin.call('roleCategoryGet', t.account, { params })).rejects.toMatchObject(
    { code: 'ObjectNotFound' },
  );
  const log = await database.db
    .selectFrom('operations_log')
    .where('object', '=', `roleCategory:${data.id}`)
    .orderBy('revision')
    .select('operation')
    .execute();
  expect(log.map(({ operation }) => operation)).toEqual([
    'roleCategoryCreate',
    'roleCategoryDelete',
  ]);
});

test('the eight categories that clients know by number stay', async () => {
  const t = await createTenant(database.db);
  await expect(
    t.corporateAdmin.call('roleCategoryDelete', t.corporate, { params: { roleCategoryId: 7 } }),
  ).rejects.toMatchObject({ code: 'UnacceptableState' });
});

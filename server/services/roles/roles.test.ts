import { beforeEach, describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { type CallInput, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();
let t: Tenant;

beforeEach(async () => {
  t = await createTenant(database.db);
});

type RoleSort = NonNullable<NonNullable<CallInput<'roleList'>['query']>['sort']>;

function create(at: ScopeRef, body: Partial<NonNullable<CallInput<'roleCreate'>['body']>> = {}) {
  return t.corporateAdmin.call('roleCreate', at, {
    body: { name: randomName('role'), category: { id: 1 }, os: { id: 'ubuntu-24-04' }, ...body },
  });
}

function get(role: { id: number }, at: ScopeRef, include?: string) {
  return t.corporateAdmin.call('roleGet', at, {
    params: { roleId: String(role.id) },
    ...(include !== undefined && { query: { include } }),
  });
}

async function list(at: ScopeRef, query: NonNullable<CallInput<'roleList'>['query']>) {
  const { data } = await t.corporateAdmin.call('roleList', at, { query });
  return data.map((role) => role.id);
}

describe('creating a role', () => {
  test('puts it at the scope of the request, with the defaults of Scalr', async () => {
    const { data } = await create(t.environment);
    expect(data).toMatchObject({
      scope: 'environment',
      envId: t.environment.environmentId,
      useScalrAgent: true,
      builtinAutomation: ['base'],
      quickStart: false,
      deprecated: false,
      version: 1,
      createdBy: t.corporateAdmin.email,
    });
    expect((await get(data, t.environment)).data).toEqual(data);
  });

  test('a name is unique in its own scope and above; to an account also in its environments', async () => {
    const taken = (at: ScopeRef, name: string) =>
      expect(create(at, { name })).rejects.toMatchObject({
        code: 'UnicityViolation',
        details: { field: 'name' },
      });
    const [a, b, c] = [randomName('role'), randomName('role'), randomName('role')];
    await create(t.environment, { name: a });
    await taken(t.environment, a);
    await taken(t.account, a);
    await create(t.otherEnvironment, { name: a });
    await create(t.account, { name: b });
    await taken(t.environment, b);
    await create(t.corporate, { name: b });
    await create(t.corporate, { name: c });
    await taken(t.account, c);
    await taken(t.environment, c);
  });

  test.each([
    [{ scope: 'account' as const }, 'InvalidValue', 'scope'],
    [{ category: { id: 999_999 } }, 'InvalidValue', 'category.id'],
    [{ os: { id: 'plan-9' } }, 'InvalidValue', 'os.id'],
    [
      { builtinAutomation: ['mysql' as const, 'redis' as const] },
      'UnicityViolation',
      'builtinAutomation',
    ],
    [
      { useScalrAgent: false, builtinAutomation: ['base' as const] },
      'InvalidStructure',
      'builtinAutomation',
    ],
  ])('refuses %o', async (body, code, field) => {
    await expect(create(t.environment, body)).rejects.toMatchObject({ code, details: { field } });
  });

  test('a category of the account is good for its environments, one of an environment for itself', async () => {
    const category = (at: typeof t.account | typeof t.environment) =>
      database.db
        .insertInto('role_categories')
        .values({
          name: randomName('c').slice(0, 18),
          scope: at.scope,
          account_id: at.accountId,
          environment_id: at.scope === 'environment' ? at.environmentId : null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
    const [ofAccount, ofEnvironment] = [await category(t.account), await category(t.environment)];
    expect((await create(t.environment, { category: { id: ofAccount.id } })).data.category).toEqual(
      ofAccount,
    );
    await expect(
      create(t.otherEnvironment, { category: { id: ofEnvironment.id } }),
    ).rejects.toMatchObject({ code: 'InvalidValue' });
  });
});

describe('changing a role', () => {
  const update = (
    role: { id: number },
    body: CallInput<'roleUpdate'>['body'],
    at: ScopeRef = t.environment,
    ifMatch?: number,
  ) =>
    t.accountAdmin.call('roleUpdate', at, {
      params: { roleId: String(role.id) },
      body,
      ...(ifMatch !== undefined && { ifMatch }),
    });

  test('changes what was sent, raises the version and leaves a record', async () => {
    const role = await insertRole(database.db, t.environment);
    const { data } = await update(role, { description: 'Web tier', category: 3 }, t.environment, 1);
    expect(data).toMatchObject({ description: 'Web tier', category: { id: 3 }, version: 2 });
    const log = await database.db
      .selectFrom('operations_log')
      .where('object', '=', `role:${role.id}`)
      .select(['operation', 'actor'])
      .execute();
    expect(log).toEqual([{ operation: 'roleUpdate', actor: t.accountAdmin.email }]);
  });

  test('nothing changes and nothing is recorded when all is as it was', async () => {
    const role = await insertRole(database.db, t.environment);
    const { data } = await update(role, { name: role.name, deprecated: false });
    expect(data.version).toBe(1);
  });

  test('two people do not overwrite each other', async () => {
    const role = await insertRole(database.db, t.environment);
    await update(role, { description: 'first' }, t.environment, 1);
    await expect(update(role, { description: 'second' }, t.environment, 1)).rejects.toMatchObject({
      code: 'PreconditionFailed',
    });
  });

  test('its OS stays while images of another one are linked', async () => {
    const image = await insertImage(database.db, t.environment);
    const role = await insertRole(database.db, t.environment, [image.id]);
    await expect(update(role, { os: { id: 'debian-12-x' } })).rejects.toMatchObject({
      code: 'OperatingSystemMismatch',
      details: { field: 'os.id', blockers: [{ type: 'image', id: image.id }] },
    });
    const empty = await insertRole(database.db, t.environment);
    expect((await update(empty, { os: 'debian-12-x' })).data.os).toEqual({ id: 'debian-12-x' });
  });

  test('roles of higher scopes are seen but not changed, those of others are not even seen', async () => {
    const ofAccount = await insertRole(database.db, t.account);
    const elsewhere = await insertRole(database.db, t.otherEnvironment);
    await expect(update(ofAccount, { name: 'x1' })).rejects.toMatchObject({
      code: 'ScopeViolation',
    });
    await expect(update(elsewhere, { name: 'x1' })).rejects.toMatchObject({
      code: 'ObjectNotFound',
    });
  });

  test('the deprecated flag can be set and cleared by hand', async () => {
    const role = await insertRole(database.db, t.environment);
    const { data } = await update(role, { deprecated: true });
    expect(data).toMatchObject({ deprecated: true, deprecation: { by: t.accountAdmin.email } });
    expect((await update(role, { deprecated: false })).data.deprecation).toBeNull();
  });
});

describe('deprecating a role', () => {
  const deprecate = (role: { id: number }, body: CallInput<'roleDeprecate'>['body'] = {}) =>
    t.accountAdmin.call('roleDeprecate', t.environment, {
      params: { roleId: String(role.id) },
      body,
    });

  test('keeps reason and successor, and gives both up when it is restored', async () => {
    const successor = await insertRole(database.db, t.account);
    const role = await insertRole(database.db, t.environment);
    const { data } = await deprecate(role, { replacement: successor.id, reason: 'Too old' });
    expect(data.deprecation).toMatchObject({
      reason: 'Too old',
      replacement: { id: successor.id, name: successor.name },
    });
    const again = await deprecate(role, { replacement: null });
    expect(again.data.deprecation).toMatchObject({ reason: 'Too old', replacement: null });
    expect(again.data.deprecation?.at).toBe(data.deprecation?.at);
    expect((await deprecate(role, { deprecate: false })).data).toMatchObject({
      deprecated: false,
      deprecation: null,
    });
  });

  test('says what to use now when its successor was deprecated too', async () => {
    const [role, next, last] = [
      await insertRole(database.db, t.environment),
      await insertRole(database.db, t.environment),
      await insertRole(database.db, t.environment),
    ];
    await deprecate(role, { replacement: next.id });
    await deprecate(next, { replacement: last.id });
    expect((await get(role, t.environment)).data.deprecation).toMatchObject({
      replacement: { id: next.id },
      useInstead: { id: last.id, name: last.name },
    });
    await deprecate(last);
    expect((await get(role, t.environment)).data.deprecation?.useInstead).toBeNull();
  });

  test('a successor must be another role, in sight of the same people, and in use itself', async () => {
    const role = await insertRole(database.db, t.environment);
    const old = await insertRole(database.db, t.environment, [], {
      deprecated_at: new Date(),
      deprecated_by: 'test',
    });
    const elsewhere = await insertRole(database.db, t.otherEnvironment);
    for (const [replacement, code] of [
      [role.id, 'InvalidValue'],
      [old.id, 'Deprecated'],
      [elsewhere.id, 'ObjectNotFound'],
    ] as const)
      await expect(deprecate(role, { replacement })).rejects.toMatchObject({ code });
    await expect(deprecate(role, { deprecate: false, replacement: old.id })).rejects.toMatchObject({
      code: 'InvalidValue',
    });
  });
});

describe('cloning a role', () => {
  const clone = (role: { id: number }, at: ScopeRef, name = randomName('copy')) =>
    t.corporateAdmin.call('roleClone', at, { params: { roleId: String(role.id) }, body: { name } });

  test('copies its content and images into the scope of the request, fresh', async () => {
    const image = await insertImage(database.db, t.corporate);
    const role = await insertRole(database.db, t.corporate, [image.id], {
      description: 'Base',
      quick_start: true,
      builtin_automation: ['apache'],
      deprecated_at: new Date(),
      deprecated_by: 'test',
    });
    const { data } = await clone(role, t.environment);
    expect(data).toMatchObject({
      scope: 'environment',
      description: 'Base',
      builtinAutomation: ['apache'],
      quickStart: false,
      deprecated: false,
      version: 1,
    });
    const copy = await get(data, t.environment, 'images');
    expect(copy.data.images?.map((cell) => cell.image.id)).toEqual([image.id]);
  });

  test('is refused while it holds a deprecated image', async () => {
    const image = await insertImage(database.db, t.environment, {
      deprecated_at: new Date(),
      deprecated_by: 'test',
    });
    const role = await insertRole(database.db, t.environment, [image.id], {});
    await expect(clone(role, t.environment)).rejects.toMatchObject({
      code: 'Deprecated',
      message: expect.stringContaining(image.name),
    });
    const { data } = await get(role, t.environment, 'actions');
    expect(data.actions?.clone).toMatchObject({ allowed: false, code: 'Deprecated' });
    // The rows above were put there directly: take the link away again.
    await database.db.deleteFrom('role_images').where('role_id', '=', role.id).execute();
  });

  test('needs a free name', async () => {
    const role = await insertRole(database.db, t.account);
    await expect(clone(role, t.environment, role.name)).rejects.toMatchObject({
      code: 'UnicityViolation',
    });
  });
});

describe('deleting a role', () => {
  const remove = (role: { id: number }, at: ScopeRef = t.account) =>
    t.accountAdmin.call('roleDelete', at, { params: { roleId: String(role.id) } });

  test('is refused while any farm of any environment uses it, and names them', async () => {
    const image = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.account, [image.id]);
    const farms = [
      await insertFarm(database.db, t.environment, role.id),
      await insertFarm(database.db, t.otherEnvironment, role.id),
    ];
    await expect(remove(role)).rejects.toMatchObject({
      code: 'ObjectInUse',
      details: { blockers: farms.map((farm) => ({ type: 'farmRole', id: farm.farmRoleId })) },
    });
    const { data } = await get(role, t.account, 'actions');
    expect(data.actions?.delete).toMatchObject({ allowed: false, code: 'ObjectInUse' });
  });

  test('frees its name, keeps its images and history, and takes it back as a successor', async () => {
    const image = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.account, [image.id]);
    const old = await insertRole(database.db, t.environment, [], {
      deprecated_at: new Date(),
      deprecated_by: 'test',
      deprecation_replacement_id: role.id,
    });
    await remove(role);
    await expect(get(role, t.account)).rejects.toMatchObject({ code: 'ObjectNotFound' });
    expect((await get(old, t.environment)).data.deprecation?.replacement).toBeNull();
    const history = await database.db
      .selectFrom('role_image_history')
      .where('role_id', '=', role.id)
      .select(['old_image_id', 'new_image_id'])
      .execute();
    expect(history).toEqual([{ old_image_id: image.id, new_image_id: null }]);
    await create(t.account, { name: role.name });
    await expect(remove(role)).rejects.toMatchObject({ code: 'ObjectNotFound' });
  });
});

describe('the list of roles', () => {
  test('shows what a scope sees, without Corporate roles that have no image', async () => {
    const image = await insertImage(database.db, t.corporate);
    const name = randomName('listed');
    const at = async (scope: ScopeRef, images: string[], suffix: string) =>
      (await insertRole(database.db, scope, images, { name: `${name}-${suffix}` })).id;
    const empty = await at(t.corporate, [], 'a');
    const full = await at(t.corporate, [image.id], 'b');
    const account = await at(t.account, [], 'c');
    const own = await at(t.environment, [], 'd');
    const other = await at(t.otherEnvironment, [], 'e');
    const query = name.slice(-8);
    expect(await list(t.environment, { query })).toEqual([full, account, own]);
    expect(await list(t.otherEnvironment, { query, sort: '-name' })).toEqual([
      other,
      account,
      full,
    ]);
    expect(await list(t.account, { query })).toEqual([full, account]);
    expect(await list(t.corporate, { query })).toEqual([empty, full]);
    expect(await list(t.environment, { query, scope: 'account' })).toEqual([account]);
    expect(await list(t.account, { query, scope: 'environment' })).toEqual([]);
    expect((await get({ id: empty }, t.environment)).data.id).toBe(empty);
  });

  test('filters by what people look for', async () => {
    const image = await insertImage(database.db, t.environment);
    const used = await insertRole(database.db, t.environment, [image.id]);
    await insertFarm(database.db, t.environment, used.id);
    const idle = await insertRole(database.db, t.environment, [], {
      builtin_automation: ['apache', 'chef'],
      deprecated_at: new Date(),
      deprecated_by: 'test',
      category_id: 5,
      os_id: 'debian-12-x',
    });
    const scope = 'environment';
    const cases = [
      [{ inUse: 'true' as const, scope }, [used.id]],
      [{ inUse: 'false' as const, scope }, [idle.id]],
      [{ image: image.id }, [used.id]],
      [{ query: image.cloud_image_id.slice(2) }, [used.id]],
      [{ builtinAutomation: 'chef', scope }, [idle.id]],
      [{ deprecated: 'true' as const, scope }, [idle.id]],
      [{ category: '5', scope }, [idle.id]],
      [{ os: 'debian-12-x', scope }, [idle.id]],
      [{ name: used.name }, [used.id]],
      [{ name: used.name.slice(0, -1) }, []],
      [{ query: '%' }, []],
    ] as const;
    for (const [query, ids] of cases) expect(await list(t.environment, query)).toEqual(ids);
  });

  test('walks every page by cursor, in every order, without a gap or a repetition', async () => {
    const ids: number[] = [];
    for (let count = 0; count < 7; count++)
      ids.push((await insertRole(database.db, count % 2 ? t.account : t.environment)).id);
    const page = (sort: RoleSort, cursor: string) =>
      t.accountAdmin.call('roleList', t.environment, {
        query: { query: 'role-', maxResults: '3', sort, cursor },
      });
    for (const sort of ['id', '-id', 'name', 'added', '-lastUsed', 'os'] as const) {
      const walked: number[] = [];
      let cursor: string | null = 'start';
      while (cursor !== null) {
        const answer: Awaited<ReturnType<typeof page>> = await page(sort, cursor);
        walked.push(...answer.data.map((role) => role.id));
        cursor = answer.page?.kind === 'cursor' ? answer.page.next : null;
      }
      expect(walked.filter((id) => ids.includes(id)).sort((a, b) => a - b)).toEqual(ids);
      expect(new Set(walked).size).toBe(walked.length);
    }
  });

  test('counts farms, live and old servers at and below the scope, cloud images by what they are', async () => {
    const old = await insertImage(database.db, t.account);
    const now = await insertImage(database.db, t.account);
    const copy = await insertImage(database.db, t.environment, {
      cloud_image_id: now.cloud_image_id,
    });
    const role = await insertRole(database.db, t.account, [now.id]);
    const here = await insertFarm(database.db, t.environment, role.id);
    const there = await insertFarm(database.db, t.otherEnvironment, role.id);
    await insertServers(database.db, here.farmRoleId, old.id, 2);
    await insertServers(database.db, here.farmRoleId, copy.id, 1);
    await insertServers(database.db, here.farmRoleId, old.id, 4, 'terminated');
    await insertServers(database.db, there.farmRoleId, old.id, 3, 'suspended');
    const usage = async (at: ScopeRef) => (await get(role, at, 'usage')).data.usage;
    expect(await usage(t.environment)).toEqual({ farms: 1, servers: 3, oldServers: 2 });
    expect(await usage(t.account)).toEqual({ farms: 2, servers: 6, oldServers: 5 });
    await t.accountAdmin.call('imageDeprecate', t.account, {
      params: { imageId: now.id },
      body: { deprecate: true },
    });
    await insertServers(database.db, there.farmRoleId, now.id, 1);
    // The deprecation covers the copy in the environment too: it is the same cloud image.
    expect(await usage(t.account)).toEqual({ farms: 2, servers: 7, oldServers: 7 });
    const unused = await insertRole(database.db, t.account);
    expect((await get(unused, t.account, 'usage')).data.usage).toEqual({
      farms: 0,
      servers: 0,
      oldServers: 0,
    });
  });

  test('says what the viewer may do, and why not', async () => {
    const role = await insertRole(database.db, t.account);
    const actions = async (who: typeof t.viewer, at: ScopeRef) => {
      const { data } = await who.call('roleList', at, {
        query: { id: String(role.id), include: 'actions' },
      });
      return data[0]?.actions;
    };
    const admin = await actions(t.accountAdmin, t.account);
    expect(admin).toMatchObject({
      update: { allowed: true },
      addImage: { allowed: true },
      clone: { allowed: true },
      delete: { allowed: true },
      promote: { allowed: false, code: 'PermissionViolation' },
    });
    const below = await actions(t.accountAdmin, t.environment);
    expect(below).toMatchObject({
      update: { allowed: false, code: 'ScopeViolation' },
      promote: { allowed: false, code: 'ScopeViolation' },
      clone: { allowed: true },
    });
    const viewer = await actions(t.viewer, t.account);
    expect(Object.values(viewer ?? {}).map((verdict) => verdict.allowed)).not.toContain(true);
    const top = await insertRole(database.db, t.corporate);
    const atTop = await get(top, t.corporate, 'actions');
    expect(atTop.data.actions?.promote).toMatchObject({ allowed: false, code: 'ScopeViolation' });
  });
});

test('role categories are listed by id, those of the scope and above', async () => {
  const row = await database.db
    .insertInto('role_categories')
    .values({ name: 'Trading', scope: 'account', account_id: t.account.accountId })
    .returning('id')
    .executeTakeFirstOrThrow();
  const seen = await t.viewer.call('roleCategoryList', t.environment, {});
  expect(seen.data.map((category) => category.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, row.id]);
  const params = { roleCategoryId: String(row.id) };
  const one = await t.viewer.call('roleCategoryGet', t.environment, { params });
  expect(one.data).toMatchObject({ name: 'Trading', scope: 'account' });
  await expect(
    t.corporateAdmin.call('roleCategoryGet', t.corporate, { params }),
  ).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

test('leaves every invariant true', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

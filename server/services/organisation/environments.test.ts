import { expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import { type CallInput, createClient, createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();

async function logOf(object: string) {
  return database.db
    .selectFrom('operations_log')
    .where('object', '=', object)
    .orderBy('revision')
    .select(['operation', 'before', 'after', 'others', 'chain'])
    .execute();
}

test('an environment is created active in its account and recorded in its chain', async () => {
  const t = await createTenant(database.db);
  const { data } = await t.accountAdmin.call('environmentCreate', t.account, {
    body: { name: 'staging' },
  });
  expect(data).toMatchObject({
    name: 'staging',
    status: 'active',
    accountId: t.account.accountId,
  });
  const got = await t.viewer.call('environmentGet', t.account, { params: { envId: data.id } });
  expect(got.data).toEqual(data);
  expect(await logOf(`environment:${data.id}`)).toEqual([
    expect.objectContaining({
      operation: 'environmentCreate',
      chain: `account:${t.account.accountId}`,
    }),
  ]);
  const inside = { ...t.account, scope: 'environment', environmentId: data.id } as const;
  expect((await t.viewer.call('farmList', inside)).data).toEqual([]);
});

test('a name is used once in an account; another account may use it too', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const body = { name: 'production' };
  const { data } = await t.accountAdmin.call('environmentCreate', t.account, { body });
  await other.accountAdmin.call('environmentCreate', other.account, { body });
  const taken = { code: 'UnicityViolation', details: { field: 'name' } };
  await expect(t.accountAdmin.call('environmentCreate', t.account, { body })).rejects.toMatchObject(
    taken,
  );
  await expect(
    t.accountAdmin.call('environmentUpdate', t.account, {
      params: { envId: t.environment.environmentId },
      body,
    }),
  ).rejects.toMatchObject(taken);
  const same = await t.accountAdmin.call('environmentUpdate', t.account, {
    params: { envId: data.id },
    body,
  });
  expect(same.data).toEqual(data);
});

test('name and status change and are recorded; what changes nothing is not', async () => {
  const t = await createTenant(database.db);
  const params = { envId: t.environment.environmentId };
  const { data } = await t.accountAdmin.call('environmentUpdate', t.account, {
    params,
    body: { name: 'retired', status: 'inactive' },
  });
  expect(data).toMatchObject({ name: 'retired', status: 'inactive' });
  await t.accountAdmin.call('environmentUpdate', t.account, { params, body: { name: 'retired' } });
  await t.accountAdmin.call('environmentUpdate', t.account, { params, body: {} });
  const log = await logOf(`environment:${params.envId}`);
  expect(log).toHaveLength(1);
  expect(log[0]).toMatchObject({
    before: { status: 'active' },
    after: { name: 'retired', status: 'inactive' },
  });
});

test('an environment that holds anything is not deleted, and all that stands in the way is listed', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  const image = await insertImage(db, t.environment);
  const role = await insertRole(db, t.environment, [image.id]);
  const farm = await insertFarm(db, t.environment, role.id);
  const category = await db
    .insertInto('role_categories')
    .values({
      name: 'Own',
      scope: 'environment',
      account_id: t.account.accountId,
      environment_id: t.environment.environmentId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const params = { envId: t.environment.environmentId };
  await expect(
    t.accountAdmin.call('environmentDelete', t.account, { params }),
  ).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: {
      blockers: [
        expect.objectContaining({ type: 'farm', id: farm.farmId }),
        { type: 'image', id: image.id, name: image.name },
        { type: 'role', id: role.id, name: role.name },
        { type: 'roleCategory', id: category.id, name: 'Own' },
      ],
    },
  });
  const { data } = await t.viewer.call('environmentGet', t.account, { params });
  expect(data.id).toBe(params.envId);
});

test('of many objects in the way, twenty are named and the rest is counted', async () => {
  const t = await createTenant(database.db);
  for (let i = 0; i < 23; i++) await insertImage(database.db, t.environment);
  const refusal = await t.accountAdmin
    .call('environmentDelete', t.account, { params: { envId: t.environment.environmentId } })
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ message: expect.stringContaining('23 images') });
  const { blockers } = (refusal as { details: { blockers: object[] } }).details;
  expect(blockers).toHaveLength(21);
  expect(blockers.at(-1)).toEqual({ type: 'image', count: 3 });
});

test('what images and roles an environment had and deleted does not keep it from going', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  const gone = { deleted_at: new Date() };
  const left = await insertImage(db, t.environment, gone);
  const successor = await insertImage(db, t.environment, gone);
  const promoted = await insertImage(db, t.account);
  const promotedRole = await insertRole(db, t.account, [promoted.id]);
  const ownRole = await insertRole(db, t.environment, [], gone);
  const place = { cloud_platform: 'ec2', cloud_location: 'us-east-1' };
  const by = { at: new Date(), by: 'test@example.com' };
  const changes: [number, string | null, string | null][] = [
    [promotedRole.id, null, left.id],
    [promotedRole.id, left.id, successor.id],
    [promotedRole.id, successor.id, promoted.id],
    [ownRole.id, null, left.id],
    [ownRole.id, left.id, null],
  ];
  for (const [role_id, old_image_id, new_image_id] of changes)
    await db
      .insertInto('role_image_history')
      .values({ role_id, old_image_id, new_image_id, ...place, ...by })
      .execute();
  const { environment } = t;
  const at = { account_id: environment.accountId, environment_id: environment.environmentId };
  const replacement = await db
    .insertInto('replacements')
    .values({
      scope: 'environment',
      ...at,
      reach: ['environment'],
      ...by,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('replacement_pairs')
    .values({ replacement_id: replacement.id, old_image_id: left.id, new_image_id: successor.id })
    .execute();
  await db
    .insertInto('replacement_roles')
    .values({
      replacement_id: replacement.id,
      role_id: promotedRole.id,
      ...place,
      old_image_id: left.id,
      new_image_id: successor.id,
    })
    .execute();
  await db
    .updateTable('images')
    .set({ deprecated_at: new Date(), deprecation_replacement_id: successor.id })
    .where('id', '=', left.id)
    .execute();
  await t.accountAdmin.call('environmentDelete', t.account, {
    params: { envId: environment.environmentId },
  });
  const history = await db
    .selectFrom('role_image_history')
    .where('role_id', '=', promotedRole.id)
    .select(['old_image_id', 'new_image_id'])
    .execute();
  expect(history).toEqual([{ old_image_id: null, new_image_id: promoted.id }]);
  expect(await checkInvariants(db)).toEqual([]);
});

test('a deleted environment takes the rights in it along and is not found any more', async () => {
  const t = await createTenant(database.db);
  const params = { envId: t.environment.environmentId };
  await t.accountAdmin.call('environmentDelete', t.account, { params });
  for (const missing of [
    () => t.accountAdmin.call('environmentGet', t.account, { params }),
    () => t.accountAdmin.call('environmentDelete', t.account, { params }),
    () => t.environmentAdmin.call('imageList', t.environment),
    () => t.accountAdmin.call('imageList', t.environment),
  ])
    await expect(missing()).rejects.toMatchObject({ code: 'ObjectNotFound' });
  const log = await logOf(`environment:${params.envId}`);
  expect(log.at(-1)).toMatchObject({
    operation: 'environmentDelete',
    others: [{ before: { role: 'administrator', scope: 'environment', envId: params.envId } }],
  });
});

test('an image that is registered while its environment is deleted keeps it or is refused', async () => {
  for (let round = 0; round < 5; round++) {
    const t = await createTenant(database.db);
    const [deletion, creation] = await Promise.allSettled([
      t.accountAdmin.call('environmentDelete', t.account, {
        params: { envId: t.environment.environmentId },
      }),
      t.accountAdmin.call('imageCreate', t.environment, {
        body: {
          name: randomName('image'),
          cloudPlatform: 'ec2',
          cloudLocation: 'us-east-1',
          cloudImageId: `ami-${randomName('x')}`,
          os: { id: 'ubuntu-24-04' },
          architecture: 'x86_64',
        },
      }),
    ]);
    const outcomes = [deletion.status, creation.status].toSorted();
    expect(outcomes).toEqual(['fulfilled', 'rejected']);
    if (deletion.status === 'rejected')
      expect(deletion.reason).toMatchObject({ code: 'ObjectInUse' });
    if (creation.status === 'rejected')
      expect(creation.reason).toMatchObject({ code: 'ObjectNotFound' });
  }
  expect(await checkInvariants(database.db)).toEqual([]);
});

test('an account lists its own environments only, filtered and sorted', async () => {
  const t = await createTenant(database.db);
  const create = (name: string, status: 'active' | 'inactive') =>
    t.accountAdmin.call('environmentCreate', t.account, { body: { name, status } });
  await create('zz 50%', 'inactive');
  await create('aa test', 'active');
  const found = async (query: CallInput<'environmentList'>['query'] = {}) =>
    (await t.viewer.call('environmentList', t.account, { query })).data;
  expect(await found()).toHaveLength(4);
  expect((await found()).every((row) => row.accountId === t.account.accountId)).toBe(true);
  const names = async (query: CallInput<'environmentList'>['query']) =>
    (await found(query)).map((row) => row.name);
  expect(await names({ query: 'TEST' })).toEqual(['aa test']);
  expect(await names({ query: '%' })).toEqual(['zz 50%']);
  expect(await names({ name: 'aa' })).toEqual([]);
  expect(await names({ name: 'aa test' })).toEqual(['aa test']);
  expect(await names({ status: 'inactive' })).toEqual(['zz 50%']);
  const sorted = await names({ sort: 'name' });
  expect([sorted.at(0), sorted.at(-1)]).toEqual(['aa test', 'zz 50%']);
  const { data, page } = await t.viewer.call('environmentList', t.account, {
    query: { cursor: 'start', maxResults: 3, include: 'total' },
  });
  expect(data).toHaveLength(3);
  expect(page).toMatchObject({ total: 4 });
});

test('an environment of another account is not found', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const params = { envId: other.environment.environmentId };
  for (const missing of [
    () => t.accountAdmin.call('environmentGet', t.account, { params }),
    () => t.accountAdmin.call('environmentUpdate', t.account, { params, body: { name: 'x' } }),
    () => t.accountAdmin.call('environmentDelete', t.account, { params }),
  ])
    await expect(missing()).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

test('only administrators of the account or above keep its environments', async () => {
  const t = await createTenant(database.db);
  const publisher = await createClient(database.db, 'publisher', t.account);
  const params = { envId: t.environment.environmentId };
  for (const refused of [
    () => publisher.call('environmentCreate', t.account, { body: { name: 'x' } }),
    () => publisher.call('environmentUpdate', t.account, { params, body: { name: 'x' } }),
    () => publisher.call('environmentDelete', t.account, { params }),
  ])
    await expect(refused()).rejects.toMatchObject({ code: 'PermissionViolation' });
  // An administrator of the environment alone does not even see the account.
  await expect(
    t.environmentAdmin.call('environmentDelete', t.account, { params }),
  ).rejects.toMatchObject({ code: 'ObjectNotFound' });
  const { data } = await t.corporateAdmin.call('environmentUpdate', t.account, {
    params,
    body: { name: 'from above' },
  });
  expect(data.name).toBe('from above');
});

const badBodies: [what: string, body: object][] = [
  ['no name', { status: 'active' }],
  ['an empty name', { name: '' }],
  ['an unknown status', { name: 'a', status: 'asleep' }],
  ['markup', { name: '<script>' }],
  ['an unknown member', { name: 'a', costCenter: 1 }],
  ['a read-only member', { name: 'a', accountId: 1 }],
];

test.each(badBodies)('%s is no environment', async (_what, body) => {
  const t = await createTenant(database.db);
  await expect(
    (async () =>
      t.accountAdmin.call('environmentCreate', t.account, { body: body as { name: string } }))(),
  ).rejects.toMatchObject({ name: 'ZodError' });
  expect((await t.viewer.call('environmentList', t.account)).data).toHaveLength(2);
});

test('an environment has a cost center that its account sees, another one later, or none', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const [own, foreign] = await Promise.all(
    [t, other].map(({ account }) =>
      database.db
        .insertInto('cost_centers')
        .values({ name: randomName('center'), billing_code: 'C', ...placeColumns(account) })
        .returning('id')
        .executeTakeFirstOrThrow(),
    ),
  );
  const everyones = '00000000-0000-4000-8000-000000000001';
  const named = (costCenter: string | { id: string } | undefined) =>
    t.accountAdmin.call('environmentCreate', t.account, {
      body: { name: randomName('environment'), costCenter },
    });
  expect((await named(undefined)).data.costCenter).toBeNull();
  const { data } = await named(everyones);
  expect(data.costCenter).toEqual({ id: everyones, name: 'Default' });
  const refused = { code: 'InvalidValue', details: { field: 'costCenter.id' } };
  await expect(named(foreign?.id)).rejects.toMatchObject(refused);
  const params = { envId: data.id };
  const change = async (costCenter: string | null | undefined) =>
    (await t.accountAdmin.call('environmentUpdate', t.account, { params, body: { costCenter } }))
      .data.costCenter;
  await expect(change(foreign?.id)).rejects.toMatchObject(refused);
  expect(await change(own?.id)).toMatchObject({ id: own?.id });
  const query = { costCenter: own?.id ?? '' };
  const list = await t.viewer.call('environmentList', t.account, { query });
  expect(list.data.map(({ id }) => id)).toEqual([data.id]);
  expect(await change(null)).toBeNull();
  expect(await checkInvariants(database.db)).toEqual([]);
});

import { expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createClient, createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();
const corporate = { scope: 'scalr' } as const;

async function admin() {
  return createClient(database.db, 'administrator', corporate);
}

async function logOf(object: string) {
  return database.db
    .selectFrom('operations_log')
    .where('object', '=', object)
    .orderBy('revision')
    .select(['operation', 'actor', 'before', 'after', 'others', 'chain'])
    .execute();
}

test('an account is created empty, can be opened at once, and is in the log', async () => {
  const boss = await admin();
  const name = randomName('Retail');
  const { data } = await boss.call('accountCreate', corporate, { body: { name } });
  expect(data).toMatchObject({ name, environments: 0 });
  const scope = { scope: 'account', accountId: data.id } as const;
  const environment = await boss.call('environmentCreate', scope, { body: { name: 'test' } });
  expect(environment.revision).toMatch(/^\d+\.1$/);
  const got = await boss.call('accountGet', corporate, { params: { accountId: data.id } });
  expect(got.data).toEqual({ ...data, environments: 1 });
  expect(await logOf(`account:${data.id}`)).toEqual([
    expect.objectContaining({ operation: 'accountCreate', actor: boss.email, chain: 'corporate' }),
  ]);
  expect(await checkInvariants(database.db)).toEqual([]);
});

test('two accounts never have the same name', async () => {
  const boss = await admin();
  const name = randomName('Retail');
  await boss.call('accountCreate', corporate, { body: { name } });
  const taken = { code: 'UnicityViolation', details: { field: 'name' } };
  await expect(boss.call('accountCreate', corporate, { body: { name } })).rejects.toMatchObject(
    taken,
  );
  const other = await boss.call('accountCreate', corporate, {
    body: { name: randomName('Other') },
  });
  await expect(
    boss.call('accountUpdate', corporate, { params: { accountId: other.data.id }, body: { name } }),
  ).rejects.toMatchObject(taken);
});

test('of two creations of one name at the same time, one succeeds and one is refused', async () => {
  const boss = await admin();
  const name = randomName('Race');
  const outcomes = await Promise.allSettled(
    [1, 2, 3, 4].map(() => boss.call('accountCreate', corporate, { body: { name } })),
  );
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({ code: 'UnicityViolation' });
});

test('renaming is recorded once; giving it the name it has changes and records nothing', async () => {
  const t = await createTenant(database.db);
  const params = { accountId: t.account.accountId };
  const name = randomName('Renamed');
  const renamed = await t.corporateAdmin.call('accountUpdate', corporate, {
    params,
    body: { name },
  });
  expect(renamed.data).toMatchObject({ name, environments: 2 });
  for (const body of [{ name }, {}])
    await t.corporateAdmin.call('accountUpdate', corporate, { params, body });
  const log = await logOf(`account:${params.accountId}`);
  expect(log.map((entry) => entry.operation)).toEqual(['accountUpdate']);
  expect(log[0]?.after).toMatchObject({ name });
});

test('an account that holds anything is not deleted, and all that stands in the way is listed', async () => {
  const t = await createTenant(database.db);
  const params = { accountId: t.account.accountId };
  const image = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [image.id]);
  await expect(t.corporateAdmin.call('accountDelete', corporate, { params })).rejects.toMatchObject(
    {
      code: 'ObjectInUse',
      message: expect.stringContaining('2 environments, 1 image and 1 role'),
      details: {
        blockers: expect.arrayContaining([
          { type: 'environment', id: t.environment.environmentId, name: expect.any(String) },
          { type: 'environment', id: t.otherEnvironment.environmentId, name: expect.any(String) },
          { type: 'image', id: image.id, name: image.name },
          { type: 'role', id: role.id, name: role.name },
        ]),
      },
    },
  );
  const still = await t.corporateAdmin.call('accountGet', corporate, { params });
  expect(still.data.environments).toBe(2);
});

test('an empty account is deleted with the rights in it; its people and its log stay', async () => {
  const t = await createTenant(database.db);
  const params = { accountId: t.account.accountId };
  for (const { environmentId } of [t.environment, t.otherEnvironment])
    await t.accountAdmin.call('environmentDelete', t.account, { params: { envId: environmentId } });
  const { data } = await t.corporateAdmin.call('accountDelete', corporate, { params });
  expect(data).toBeNull();
  for (const gone of [
    () => t.corporateAdmin.call('accountGet', corporate, { params }),
    () => t.corporateAdmin.call('accountDelete', corporate, { params }),
    () => t.accountAdmin.call('environmentList', t.account),
  ])
    await expect(gone()).rejects.toMatchObject({ code: 'ObjectNotFound' });
  const { db } = database;
  const owner = db.selectFrom('users').where('email', '=', t.accountAdmin.email);
  const { id } = await owner.select('id').executeTakeFirstOrThrow();
  expect(await db.selectFrom('grants').where('user_id', '=', id).selectAll().execute()).toEqual([]);
  const log = await logOf(`account:${params.accountId}`);
  expect(log.at(-1)).toMatchObject({ operation: 'accountDelete', before: { environments: 0 } });
  const others = log.at(-1)?.others as { object: string; before: { user: { id: number } } }[];
  expect(others.map(({ object }) => object.split(':')[0])).toEqual(['grant', 'grant']);
  expect(others.map(({ before }) => before.user.id)).toContain(id);
  const chain = await db
    .selectFrom('operations_log')
    .where('chain', '=', `account:${params.accountId}`)
    .select('operation')
    .execute();
  expect(chain.map((entry) => entry.operation)).toEqual(['environmentDelete', 'environmentDelete']);
  expect(await checkInvariants(db)).toEqual([]);
});

test('a name can be used again after its account is deleted', async () => {
  const boss = await admin();
  const body = { name: randomName('Again') };
  const first = await boss.call('accountCreate', corporate, { body });
  await boss.call('accountDelete', corporate, { params: { accountId: first.data.id } });
  const second = await boss.call('accountCreate', corporate, { body });
  expect(second.data.id).not.toBe(first.data.id);
});

test('accounts are found by part of a name, by name and by id, and sorted by name', async () => {
  const boss = await admin();
  const mark = randomName('x');
  const names = [`b ${mark}`, `a ${mark}`, `c 100%_${mark}`];
  const ids: number[] = [];
  for (const name of names)
    ids.push((await boss.call('accountCreate', corporate, { body: { name } })).data.id);
  const found = async (query: object) =>
    (await boss.call('accountList', corporate, { query })).data.map((row) => row.name);
  expect(await found({ query: mark.toUpperCase() })).toEqual(names);
  expect(await found({ query: `%_${mark}` })).toEqual([names[2]]);
  expect(await found({ name: names[1] })).toEqual([names[1]]);
  expect(await found({ name: mark })).toEqual([]);
  expect(await found({ id: ids[0] })).toEqual([names[0]]);
  expect(await found({ query: mark, sort: 'name' })).toEqual([names[1], names[0], names[2]]);
  expect(await found({ query: mark, sort: '-id' })).toEqual(names.toReversed());
});

const badNames: [what: string, body: unknown][] = [
  ['no name', {}],
  ['an empty name', { name: '' }],
  ['a name of spaces', { name: '  ' }],
  ['spaces around a name', { name: ' a ' }],
  ['a name of 101 characters', { name: 'a'.repeat(101) }],
  ['a number', { name: 5 }],
  ['null', { name: null }],
  ['a NUL', { name: 'a\u0000b' }],
  ['half of a surrogate pair', { name: 'a\ud800' }],
  ['a mark that turns text around', { name: 'a\u202eb' }],
  ['markup', { name: '<b>a</b>' }],
  ['an unknown member', { name: 'a', cost: 1 }],
  ['a read-only member', { name: 'a', id: 1 }],
];

test.each(badNames)('%s is no account', async (_what, body) => {
  const boss = await admin();
  const before = await boss.call('accountList', corporate, { query: { include: 'total' } });
  await expect(
    (async () => boss.call('accountCreate', corporate, { body: body as { name: string } }))(),
  ).rejects.toMatchObject({ name: 'ZodError' });
  const after = await boss.call('accountList', corporate, { query: { include: 'total' } });
  expect(after.page?.total).toBe(before.page?.total);
});

test('only administrators of Corporate scope keep accounts', async () => {
  const t = await createTenant(database.db);
  const publisher = await createClient(database.db, 'publisher', corporate);
  const params = { accountId: t.account.accountId };
  const body = { name: randomName('no') };
  for (const refused of [
    () => publisher.call('accountCreate', corporate, { body }),
    () => publisher.call('accountUpdate', corporate, { params, body }),
    () => publisher.call('accountDelete', corporate, { params }),
    () => t.accountAdmin.call('accountUpdate', corporate, { params, body }),
    () => t.accountAdmin.call('accountList', corporate),
  ])
    await expect(refused()).rejects.toMatchObject({ code: 'PermissionViolation' });
  const { data } = await publisher.call('accountGet', corporate, { params });
  expect(data.id).toBe(params.accountId);
});

test('an account that is not there is not found', async () => {
  const boss = await admin();
  const params = { accountId: 2_000_000_000 };
  for (const missing of [
    () => boss.call('accountGet', corporate, { params }),
    () => boss.call('accountUpdate', corporate, { params, body: { name: randomName('x') } }),
    () => boss.call('accountDelete', corporate, { params }),
  ])
    await expect(missing()).rejects.toMatchObject({ code: 'ObjectNotFound' });
});

import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { perform } from '../../perform.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { type Client, createClient, createTenant, randomName } from '../../testing/harness.ts';

const database = withDatabase();

async function allowed(who: Client, at: ScopeRef): Promise<string[]> {
  const { data } = await who.call('scopeGet', at);
  return Object.entries(data.actions).flatMap(([name, verdict]) => (verdict.allowed ? name : []));
}

test('a scope says its names', async () => {
  const t = await createTenant(database.db);
  const { data } = await t.viewer.call('scopeGet', t.environment);
  expect(data).toMatchObject({
    scope: 'environment',
    accountId: t.account.accountId,
    envId: t.environment.environmentId,
    accountName: expect.stringContaining('account-'),
    envName: expect.stringContaining('environment-'),
  });
  expect(data).not.toHaveProperty('counts');
  const corporate = await t.corporateAdmin.call('scopeGet', t.corporate);
  expect(corporate.data).toMatchObject({ scope: 'scalr', accountId: null, accountName: null });
});

test('a scope says the version of the account or environment that it is', async () => {
  const t = await createTenant(database.db);
  const { accountId } = t.account;
  const versions = async () => {
    const scopes = [t.corporate, t.account, t.environment];
    const answers = scopes.map((at) => t.corporateAdmin.call('scopeGet', at));
    return (await Promise.all(answers)).map(({ data }) => data.version);
  };
  expect(await versions()).toEqual([null, 1, 1]);
  const change = { params: { accountId }, body: { name: randomName('renamed') }, ifMatch: 1 };
  await t.corporateAdmin.call('accountUpdate', t.corporate, change);
  expect(await versions()).toEqual([null, 2, 1]);
});

test('what may be done at a scope follows the rights of the user and the place', async () => {
  const t = await createTenant(database.db);
  const manager = await createClient(database.db, 'image_manager', t.environment);
  const cases: [Client, ScopeRef, string[]][] = [
    [
      t.corporateAdmin,
      t.corporate,
      ['imageCreate', 'roleCreate', 'accountCreate', 'cloudCredentialsCreate', 'userInvite'],
    ],
    [
      t.corporateAdmin,
      t.account,
      [
        'imageCreate',
        'roleCreate',
        'environmentCreate',
        'cloudCredentialsCreate',
        'userInvite',
        'rename',
      ],
    ],
    [
      t.corporateAdmin,
      t.environment,
      [
        'imageCreate',
        'roleCreate',
        'farmCreate',
        'cloudCredentialsCreate',
        'userInvite',
        'rename',
        'delete',
      ],
    ],
    [
      t.accountAdmin,
      t.account,
      ['imageCreate', 'roleCreate', 'environmentCreate', 'cloudCredentialsCreate', 'userInvite'],
    ],
    [
      t.accountAdmin,
      t.environment,
      [
        'imageCreate',
        'roleCreate',
        'farmCreate',
        'cloudCredentialsCreate',
        'userInvite',
        'rename',
        'delete',
      ],
    ],
    [
      t.environmentAdmin,
      t.environment,
      ['imageCreate', 'roleCreate', 'farmCreate', 'cloudCredentialsCreate', 'userInvite'],
    ],
    [manager, t.environment, ['imageCreate', 'roleCreate', 'farmCreate']],
    [t.viewer, t.environment, []],
    [t.viewer, t.account, []],
  ];
  for (const [who, at, actions] of cases)
    expect(await allowed(who, at), `${who.email} at ${at.scope}`).toEqual(actions);
});

test('what may not be done says why, as the operation itself would', async () => {
  const t = await createTenant(database.db);
  const account = await t.corporateAdmin.call('scopeGet', t.account);
  expect(account.data.actions.delete).toMatchObject({
    allowed: false,
    code: 'ObjectInUse',
    reason: expect.stringContaining('2 environments'),
  });
  expect(account.data.actions.accountCreate).toMatchObject({ code: 'ScopeViolation' });
  const refusal = await t.corporateAdmin
    .call('accountDelete', t.corporate, { params: { accountId: t.account.accountId } })
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ message: account.data.actions.delete.reason });
  const viewed = await t.viewer.call('scopeGet', t.environment);
  expect(viewed.data.actions.imageCreate).toMatchObject({
    allowed: false,
    code: 'PermissionViolation',
    reason: expect.stringContaining('Image manager'),
  });
  await insertImage(database.db, t.environment);
  expect(await allowed(t.accountAdmin, t.environment)).not.toContain('delete');
});

test('counts are what the lists show: own and inherited images and roles, farms at and below', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  const before = (await t.viewer.call('scopeGet', t.account, { query: { include: 'counts' } })).data
    .counts;
  const old = await insertImage(db, t.corporate);
  const current = await insertImage(db, t.account);
  await insertImage(db, t.account, { deleted_at: new Date() });
  await insertImage(db, t.environment);
  const role = await insertRole(db, t.account, [current.id]);
  await insertRole(db, t.environment, []);
  const farm = await insertFarm(db, t.environment, role.id);
  await insertFarm(db, t.otherEnvironment, role.id);
  await insertServers(db, farm.farmRoleId, old.id, 2);
  const countsAt = async (at: ScopeRef) =>
    (await t.viewer.call('scopeGet', at, { query: { include: 'counts' } })).data.counts;
  const images = before?.images ?? 0;
  const sets = before?.imageSets ?? 0;
  const roles = before?.roles ?? 0;
  expect(await countsAt(t.account)).toEqual({
    images: images + 2,
    imageSets: sets + 2,
    roles: roles + 1,
    farms: 2,
    farmsOnOldImages: 1,
    environments: 2,
  });
  expect(await countsAt(t.environment)).toEqual({
    images: images + 3,
    imageSets: sets + 3,
    roles: roles + 2,
    farms: 1,
    farmsOnOldImages: 1,
    environments: 1,
  });
  expect(await countsAt(t.otherEnvironment)).toMatchObject({ farms: 1, farmsOnOldImages: 0 });
  const list = await t.viewer.call('imageList', t.environment, { query: { include: 'total' } });
  expect((await countsAt(t.environment))?.images).toBe(list.page?.total);
});

async function placesOf(who: Client, query?: string) {
  const { id } = await database.db
    .selectFrom('users')
    .where('email', '=', who.email)
    .select('id')
    .executeTakeFirstOrThrow();
  const { data } = await perform(database.db, {
    operation: 'scopeList',
    caller: { kind: 'user', userId: id, email: who.email },
    address: { level: 'self' },
    input: { params: {}, query: { query }, body: undefined },
  });
  return data;
}

test('everyone lists the scopes that they may open, and no other', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const { accountId } = t.account;
  const environments = [t.environment.environmentId, t.otherEnvironment.environmentId];
  const account = await placesOf(t.viewer);
  expect(account[0]).toMatchObject({ scope: 'account', accountId, envId: null });
  expect(account.slice(1).map((place) => place.envId)).toEqual(
    expect.arrayContaining(environments),
  );
  expect(account).toHaveLength(3);
  expect(await placesOf(t.environmentAdmin)).toEqual([
    {
      scope: 'environment',
      accountId,
      envId: t.environment.environmentId,
      accountName: account[0]?.accountName,
      envName: expect.any(String),
    },
  ]);
  const corporate = await placesOf(t.corporateAdmin);
  expect(corporate[0]).toMatchObject({ scope: 'scalr' });
  for (const id of [accountId, other.account.accountId])
    expect(corporate.some((place) => place.scope === 'account' && place.accountId === id)).toBe(
      true,
    );
});

test('parents come before their children', async () => {
  const t = await createTenant(database.db);
  const seen = new Set<number>();
  for (const place of (await placesOf(t.corporateAdmin)).slice(1)) {
    if (place.scope === 'account') seen.add(place.accountId ?? 0);
    else expect(seen.has(place.accountId ?? 0)).toBe(true);
  }
  expect(seen.has(t.account.accountId)).toBe(true);
});

test('somebody with two rights lists both places, each once', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const { id } = await database.db
    .selectFrom('users')
    .where('email', '=', t.viewer.email)
    .select('id')
    .executeTakeFirstOrThrow();
  await sql`INSERT INTO grants (user_id, role, scope, account_id, environment_id) VALUES
    (${id}, 'operator', 'environment', ${other.account.accountId}, ${other.environment.environmentId}),
    (${id}, 'operator', 'environment', ${t.account.accountId}, ${t.environment.environmentId})`.execute(
    database.db,
  );
  const places = await placesOf(t.viewer);
  expect(places).toHaveLength(4);
  expect(places.map((place) => place.envId)).toContain(other.environment.environmentId);
});

test('a part of a name finds an account with its environments, or an environment with its account', async () => {
  const t = await createTenant(database.db);
  const { db } = database;
  const mark = randomName('50%_');
  await db
    .updateTable('environments')
    .set({ name: `Env ${mark}` })
    .where('id', '=', t.environment.environmentId)
    .execute();
  const byEnvironment = await placesOf(t.corporateAdmin, `nv ${mark}`.toUpperCase());
  expect(byEnvironment.map((place) => [place.scope, place.envId])).toEqual([
    ['account', null],
    ['environment', t.environment.environmentId],
  ]);
  const name = byEnvironment[0]?.accountName ?? '';
  expect(await placesOf(t.corporateAdmin, name)).toHaveLength(3);
  expect(await placesOf(t.environmentAdmin, name)).toHaveLength(1);
  expect(await placesOf(t.environmentAdmin, '\\')).toEqual([]);
  expect((await placesOf(t.corporateAdmin, 'corpor'))[0]).toMatchObject({ scope: 'scalr' });
});

test('at most 500 scopes are listed', async () => {
  const t = await createTenant(database.db);
  await sql`INSERT INTO environments (account_id, name)
    SELECT ${t.account.accountId}, 'many ' || n FROM generate_series(1, 600) n`.execute(
    database.db,
  );
  expect(await placesOf(t.corporateAdmin)).toHaveLength(500);
  expect(await placesOf(t.viewer)).toHaveLength(500);
  expect(await placesOf(t.viewer, 'many 600')).toHaveLength(2);
});

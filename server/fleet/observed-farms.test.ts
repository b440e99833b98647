import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { Farm } from '#contract/farms/farms.ts';
import { checkInvariants } from '../database/invariants.ts';
import { findStateProblems } from '../database/records/state-check.ts';
import { clearFaults, setFault } from '../database/queries/simulated-cloud/faults.ts';
import type { EstateFact } from '../cloud/simulated/invented-estate.ts';
import { attachNewCredentials, insertCredentials } from '../testing/credentials.ts';
import { group, image, observe, readAll, server, setEstate, template } from '../testing/estates.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../testing/factories.ts';
import { openPromptClouds, settleClouds } from '../testing/fleet.ts';
import { keepReading } from '../services/inventory/store-reading.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';

// Farms that something else runs: docs/domain.md, "Observed farms".

const database = withDatabase();

afterEach(async () => {
  await clearFaults(database.db, {});
  expect(await checkInvariants(database.db)).toEqual([]);
});

async function farmsOf(t: Tenant, query: object = { observed: 'true' }): Promise<Farm[]> {
  const input = { query: { include: ['usage', 'actions'], sort: 'name', ...query } as never };
  return (await t.viewer.call('farmList', t.environment, input)).data;
}

async function serversOf(t: Tenant, farm: number) {
  const input = { params: { farmId: farm }, query: { include: ['actions'] } as never };
  return (await t.viewer.call('farmServerList', t.environment, input)).data;
}

async function farmRolesOf(t: Tenant, farm: number) {
  const input = { params: { farmId: farm }, query: { include: ['usage', 'actions'] } as never };
  return (await t.viewer.call('farmRoleList', t.environment, input)).data;
}

/** A tenant with an estate, and what is observed of it. */
async function observeIn(facts: readonly EstateFact[], given?: Tenant) {
  const t = given ?? (await createTenant(database.db));
  return { t, credentials: await observe(database.db, t, facts) };
}

const estate: EstateFact[] = [
  image('ami-1'),
  image('ami-2'),
  template('ami-2'),
  group('shop-web', { tags: { owner: 'nobody@example.com' } }),
  server('i-1', 'ami-2', 'shop-web'),
  server('i-2', 'ami-1', 'shop-web'),
  server('i-3', 'ami-1'),
];

describe('a group of a cloud', () => {
  test('is a farm with its servers, owned by whoever its tag says, and the rest is one more', async () => {
    const t = await createTenant(database.db);
    const owner = t.environmentAdmin;
    const tagged = estate.map((fact) =>
      fact.kind === 'group' ? { ...fact, tags: { owner: owner.email.toUpperCase() } } : fact,
    );
    await observeIn(tagged, t);
    const [rest, web] = await farmsOf(t);
    expect(web).toMatchObject({
      name: 'shop-web (eu-west-1)',
      status: 'running',
      owner: { email: owner.email },
      servers: { live: 2, old: 1 },
      observed: {
        kind: 'group',
        name: 'shop-web',
        minimum: 1,
        desired: 2,
        maximum: 4,
        notRead: null,
      },
    });
    expect(rest).toMatchObject({ observed: { kind: 'rest' }, servers: { live: 1, old: 0 } });
    const servers = await serversOf(t, web?.id ?? 0);
    expect(
      servers
        .map(({ hostname, stale, image, observed }) => [
          hostname,
          stale,
          image?.cloudImageId,
          observed,
        ])
        .toSorted((one, other) => String(one[0]).localeCompare(String(other[0]))),
    ).toEqual([
      ['named-i-1', false, 'ami-2', true],
      ['named-i-2', true, 'ami-1', true],
    ]);
    expect(servers[0]?.image?.found).toBe(true);
  });

  test('starts from what its template means now, and says why', async () => {
    const { t } = await observeIn(estate);
    const web = (await farmsOf(t)).find(({ observed }) => observed?.kind === 'group');
    const [farmRole] = await farmRolesOf(t, web?.id ?? 0);
    expect(farmRole).toMatchObject({
      alias: 'web',
      image: { cloudImageId: 'ami-2' },
      observed: true,
    });
    const boot = await t.viewer.call('farmRoleBootImageGet', t.environment, {
      params: { farmRoleId: farmRole?.id ?? 0 },
    });
    expect(boot.data).toMatchObject({
      rule: 'observed',
      words: 'starts servers from it: template web, version 3, which is $Latest now',
    });
  });

  test.each([
    [
      'a version that it is pinned to',
      [template('ami-1', '2', false), template('ami-2')],
      '2',
      'ami-1',
      'template web, version 2',
    ],
    [
      '$Default',
      [
        { ...template('ami-1', '2', false), isDefault: true } as EstateFact,
        { ...template('ami-2'), isDefault: false } as EstateFact,
      ],
      '$Default',
      'ami-1',
      'version 2, which is $Default now',
    ],
    [
      'resolve:ssm',
      [
        { ...template('ami-2'), cloudImageId: undefined, pointerName: '/golden' } as EstateFact,
        { kind: 'pointer', name: '/golden', cloudImageId: 'ami-1' } as EstateFact,
      ],
      '3',
      'ami-1',
      'through pointer /golden',
    ],
  ])('with %s starts from that image', async (_, named, version, cloudImageId, words) => {
    const boots = [{ kind: 'template' as const, templateId: 'lt-web', version }];
    const facts = [
      image('ami-1'),
      image('ami-2'),
      ...named,
      group('g', { boots }),
      server('i-1', 'ami-2', 'g'),
    ];
    const { t } = await observeIn(facts);
    const [farm] = await farmsOf(t);
    const [farmRole] = await farmRolesOf(t, farm?.id ?? 0);
    expect(farmRole).toMatchObject({ image: { cloudImageId }, servers: { live: 1, old: 1 } });
    const params = { farmRoleId: farmRole?.id ?? 0 };
    const boot = await t.viewer.call('farmRoleBootImageGet', t.environment, { params });
    expect(boot.data.words).toContain(words);
  });

  test('whose template moves on has old servers from then on, as usage says', async () => {
    const { t, credentials } = await observeIn(estate);
    await setEstate(database.db, credentials, [
      ...estate.filter(({ kind }) => kind !== 'template'),
      image('ami-3'),
      template('ami-3', '4'),
    ]);
    await readAll(database.db);
    const { data } = await t.viewer.call('usageList', t.environment, {
      query: { observed: 'true' } as never,
    });
    expect(
      data
        .map(({ image, roleImage, servers, observed }) => [
          image.cloudImageId,
          roleImage.cloudImageId,
          servers.old,
          observed,
        ])
        .toSorted((one, other) => String(one[0]).localeCompare(String(other[0]))),
    ).toEqual([
      ['ami-1', 'ami-3', 1, true],
      ['ami-2', 'ami-3', 1, true],
    ]);
    const moved = data.find(({ image }) => image.cloudImageId === 'ami-2');
    expect(moved?.since).not.toBeNull();
    const none = await t.viewer.call('usageList', t.environment, {
      query: { observed: 'false' } as never,
    });
    expect(none.data).toEqual([]);
  });
});

test('a second reading of the same writes nothing of farms, farm roles, servers, images and roles', async () => {
  const { t } = await observeIn(estate);
  const tables = [
    'farms',
    'farm_roles',
    'servers',
    'observed_farms',
    'observed_farm_roles',
    'images',
    'roles',
    'role_images',
    'role_image_history',
    'server_events',
    'server_groups',
  ];
  const rows = async () => {
    const all = await Promise.all(
      tables.map((table) =>
        sql`SELECT xmin::text, xmax::text, ctid::text FROM ${sql.table(table)} ORDER BY 3`.execute(
          database.db,
        ),
      ),
    );
    return all.map((one) => one.rows);
  };
  expect((await farmsOf(t)).length).toBe(2);
  const before = await rows();
  await readAll(database.db);
  expect(await rows()).toEqual(before);
});

test('needs no record, since no operation made it', async () => {
  const { t } = await observeIn(estate);
  const problems = await database.db
    .transaction()
    .execute((tx) => findStateProblems(tx, new Map()));
  expect(problems.filter(({ object }) => /^(farm|farmRole|roleImage):/.test(object))).toEqual([]);
  expect((await farmsOf(t)).length).toBe(2);
});

test('what is gone from the cloud disappears', async () => {
  const { t, credentials } = await observeIn(estate);
  const web = (await farmsOf(t)).find(({ observed }) => observed?.kind === 'group');
  await setEstate(
    database.db,
    credentials,
    estate.filter((fact) => !('cloudServerId' in fact) || fact.cloudServerId === 'i-2'),
  );
  await readAll(database.db);
  const [farm, ...others] = await farmsOf(t);
  expect(others).toEqual([]);
  expect(farm).toMatchObject({ id: web?.id, servers: { live: 1, old: 1 } });
  const ended = (await serversOf(t, web?.id ?? 0)).filter(({ status }) => status === 'terminated');
  expect(ended.map(({ hostname }) => hostname)).toEqual(['named-i-1']);
  await setEstate(database.db, credentials, [image('ami-1')]);
  await readAll(database.db);
  expect(await farmsOf(t)).toEqual([]);
});

test('a place that cannot be read keeps its farms, marked as not seen since', async () => {
  const { t } = await observeIn(estate);
  const at = { cloud_platform: 'ec2', cloud_location: 'eu-west-1' };
  await setFault(database.db, { ...at, kind: 'throttled', probability: 1, seconds: 0 });
  await readAll(database.db);
  const [farm, ...others] = await farmsOf(t);
  expect(others.length).toBe(1);
  expect(farm?.servers?.live).toBe(1);
  expect(farm?.observed?.notRead).toContain('RequestLimitExceeded');
});

test('servers that could not be read keep their farms as they were', async () => {
  const { t, credentials } = await observeIn(estate);
  const before = await farmsOf(t);
  const at = { credentialsId: credentials, cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' };
  const unread = { kind: 'unread', part: 'servers', words: 'UnauthorizedOperation' } as const;
  const groups = estate.filter((fact) => fact.kind !== 'server');
  await keepReading(database.db, at, [...groups, unread], { startedAt: new Date(), tookMs: 1 });
  const after = await farmsOf(t);
  expect(after.map(({ id, servers }) => [id, servers])).toEqual(
    before.map(({ id, servers }) => [id, servers]),
  );
  expect(after[0]?.observed?.notRead).toBe('UnauthorizedOperation');
});

test('servers that Slipway launched are in its own farms alone', async () => {
  const t = await createTenant(database.db);
  await attachNewCredentials(database.db, t.account, t.environment);
  const own = await insertImage(database.db, t.environment);
  const role = await insertRole(database.db, t.environment, [own.id]);
  const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  await t.environmentAdmin.call('serverLaunch', t.environment, { body: { farmRole: farmRoleId } });
  await settleClouds(database.db, openPromptClouds(database.db));
  await readAll(database.db);
  const { data } = await t.viewer.call('serverList', t.environment, {
    query: { observed: 'true' } as never,
  });
  const managed = await t.viewer.call('serverList', t.environment, {
    query: { observed: 'false' } as never,
  });
  const ids = new Set(managed.data.map(({ cloudServerId }) => cloudServerId));
  expect(ids.size).toBeGreaterThan(0);
  expect(data.filter(({ cloudServerId }) => ids.has(cloudServerId))).toEqual([]);
});

test('servers with the same value of a tag are a farm where credentials name the tag', async () => {
  const { t, credentials } = await observeIn([
    image('ami-1'),
    server('i-1', 'ami-1', undefined, { app: 'billing', team: 'x' }),
    server('i-2', 'ami-1', undefined, { app: 'billing' }),
    server('i-3', undefined),
  ]);
  expect((await farmsOf(t)).map(({ servers }) => servers?.live)).toEqual([3]);
  await t.accountAdmin.call('cloudCredentialsUpdate', t.account, {
    params: { cloudCredentialsId: credentials },
    body: { farmTag: 'app', ownerTag: 'team' },
  });
  await readAll(database.db);
  expect(
    (await farmsOf(t)).map(({ name, observed, servers }) => [
      name,
      observed?.ownerTag,
      servers?.live,
    ]),
  ).toEqual([
    ['billing (eu-west-1)', 'x', 2],
    ['Servers without a group (eu-west-1)', null, 1],
  ]);
});

describe('an image that is registered', () => {
  test('is what observed servers run from then on, and is deprecated there', async () => {
    const { t } = await observeIn(estate);
    const { data: own } = await t.accountAdmin.call('imageCreate', t.account, {
      body: {
        name: 'shop-1',
        cloudPlatform: 'ec2',
        cloudLocation: 'eu-west-1',
        cloudImageId: 'ami-2',
        os: { id: 'ubuntu-24-04' },
        architecture: 'x86_64',
      } as never,
    });
    const listed = await t.viewer.call('serverList', t.account, {
      query: { image: own.id } as never,
    });
    expect(listed.data.map(({ hostname, image }) => [hostname, image?.name, image?.found])).toEqual(
      [['named-i-1', 'shop-1', undefined]],
    );
    await t.accountAdmin.call('imageDeprecate', t.account, {
      params: { imageId: own.id },
      body: {},
    });
    const web = (await farmsOf(t)).find(({ observed }) => observed?.kind === 'group');
    expect(web?.servers).toEqual({ live: 2, old: 2 });
    // The next reading finds the same.
    await readAll(database.db);
    expect((await farmsOf(t)).find(({ id }) => id === web?.id)?.servers).toEqual({
      live: 2,
      old: 2,
    });
    await expect(
      t.accountAdmin.call('imageDelete', t.account, { params: { imageId: own.id }, query: {} }),
    ).rejects.toMatchObject({
      code: 'ObjectInUse',
      details: {
        blockers: expect.arrayContaining([
          expect.objectContaining({
            type: 'server',
            clearBy: [],
            reason: expect.stringContaining('Something else'),
          }),
          expect.objectContaining({ type: 'farmRole', clearBy: [] }),
        ]),
      },
    });
  });
});

test('an environment that lets its credentials go has none of their farms any more, and those that it takes instead', async () => {
  const { t, credentials } = await observeIn(estate);
  const other = await insertCredentials(database.db, t.account, []);
  await setEstate(database.db, other, [image('ami-9'), server('i-9', 'ami-9')]);
  const params = { envId: t.environment.environmentId, cloud: 'ec2' as const };
  await t.accountAdmin.call('environmentCloudAttach', t.account, {
    params,
    body: { credentials: { id: other } },
  });
  expect(await farmsOf(t)).toEqual([]);
  await readAll(database.db);
  expect((await farmsOf(t)).map(({ observed }) => observed?.credentials.id)).toEqual([other]);
  await t.accountAdmin.call('environmentCloudDetach', t.account, { params });
  expect(await farmsOf(t)).toEqual([]);
  await t.accountAdmin.call('cloudCredentialsDelete', t.account, {
    params: { cloudCredentialsId: credentials },
  });
});

test('the burn-down counts observed servers, and their owners are listed to be written to', async () => {
  const { t } = await observeIn(estate);
  const owners = await t.viewer.call('ownerList', t.environment, {
    query: { onOldImages: 'true' } as never,
  });
  expect(owners.data.length).toBe(1);
  const { data } = await t.viewer.call('usageTotals', t.environment, { query: {} });
  expect(data).toMatchObject({ farms: 1, servers: 1, liveServers: 3 });
});

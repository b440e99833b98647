import { beforeAll, describe, expect, test } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';

const database = withDatabase();
let t: Tenant;

beforeAll(async () => {
  t = await createTenant(database.db);
});

type SearchedList = 'imageList' | 'roleList' | 'farmList' | 'serverList' | 'environmentList';

async function find(list: SearchedList, query: string): Promise<unknown[]> {
  const { data } = await t.accountAdmin.call(list, t.account, { query: { query } });
  return (data as { id: unknown }[]).map(({ id }) => id);
}

/** An id as EC2 gives them. */
const ami = () => `ami-0${randomName('').slice(1)}${randomName('').slice(1)}`;

describe('a search for images', () => {
  test('finds an image by its own id and by words of its description', async () => {
    const { id } = await insertImage(database.db, t.account, { description: 'For the Heron team' });
    for (const query of [id, id.toUpperCase(), 'heron', 'the heron', 'team heron'])
      expect(await find('imageList', query), query).toEqual([id]);
    expect(await find('imageList', 'heron team-b')).toEqual([]);
  });

  test('finds what has every word, wherever it has each', async () => {
    const name = randomName('fcos');
    const { id } = await insertImage(database.db, t.account, {
      name: `${name}-44-20260621`,
      description: 'stable',
    });
    await insertImage(database.db, t.account, { name: `${name}-44-20260607` });
    for (const query of [`${name} 20260621`, `20260621 ${name}`, `stable ${name}`])
      expect(await find('imageList', query), query).toEqual([id]);
    expect(await find('imageList', name)).toHaveLength(2);
  });

  test('finds each of several ids, of both kinds', async () => {
    const images = [
      await insertImage(database.db, t.account, { cloud_image_id: ami() }),
      await insertImage(database.db, t.account, { cloud_image_id: ami() }),
    ];
    const [one, two] = images;
    for (const query of [
      `${one?.id} ${two?.id}`,
      `${one?.cloud_image_id}, ${two?.cloud_image_id}`,
      `${one?.id}\n${two?.cloud_image_id}`,
    ])
      expect(new Set(await find('imageList', query)), query).toEqual(
        new Set(images.map(({ id }) => id)),
      );
    expect(await find('imageList', `${one?.id} ${two?.id} ${two?.name}`)).toEqual([two?.id]);
  });

  test('does not mind spaces around it, and takes signs literally', async () => {
    const { id, name } = await insertImage(database.db, t.account, { description: '100% of a_b' });
    for (const query of [`  ${name} `, '100% a_b'])
      expect(await find('imageList', query)).toEqual([id]);
    expect(await find('imageList', 'axb')).toEqual([]);
    expect(await find('imageList', ' , ')).toContain(id);
  });

  test('finds a text however its letters are composed', async () => {
    const created = await t.accountAdmin.call('imageCreate', t.account, {
      body: {
        name: randomName('image'),
        description: 'Für Zu\u0308rich',
        cloudPlatform: 'gce',
        cloudImageId: randomName('image'),
        os: 'ubuntu-24-04',
        architecture: 'x86_64',
      },
    });
    for (const query of ['z\u00fcrich', 'zu\u0308rich'])
      expect(await find('imageList', query)).toEqual([created.data.id]);
  });

  test('has at most twenty words', async () => {
    const words = Array.from({ length: 21 }, (_, index) => `w${index}`);
    await expect(find('imageList', words.join(' '))).rejects.toThrow(/at most 20 words/);
  });
});

test('candidates for a replacement are searched as images are', async () => {
  const old = await insertImage(database.db, t.account);
  const { id, name } = await insertImage(database.db, t.account, { description: 'candidate' });
  const { data } = await t.accountAdmin.call('imageCandidates', t.account, {
    params: { imageId: old.id },
    query: { query: `candidate ${name}` },
  });
  expect(data.map((image) => image.id)).toEqual([id]);
});

test('roles are found by words of name and description and by ids of their images', async () => {
  const images = [
    await insertImage(database.db, t.account, { cloud_image_id: ami() }),
    await insertImage(database.db, t.account, { cloud_image_id: ami() }),
  ];
  const [one, two] = [
    await insertRole(database.db, t.account, [images[0]?.id ?? ''], { description: 'Osprey' }),
    await insertRole(database.db, t.account, [images[1]?.id ?? '']),
  ];
  expect(await find('roleList', `osprey ${one.name}`)).toEqual([one.id]);
  const ids = images.map((image) => image.cloud_image_id).join(' ');
  expect(new Set(await find('roleList', ids))).toEqual(new Set([one.id, two.id]));
});

test('farms, servers and environments are found by all words', async () => {
  const image = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [image.id]);
  const { farmId, farmRoleId } = await insertFarm(database.db, t.environment, role.id);
  const [first, second] = await insertServers(database.db, farmRoleId, image.id, 2);
  const name = randomName('farm');
  const rename = { name: `Shop ${name} east` };
  await database.db.updateTable('farms').set(rename).where('id', '=', farmId).execute();
  expect(await find('farmList', `  east shop ${name}`)).toEqual([farmId]);
  expect(new Set(await find('serverList', `${first} ${second}`))).toEqual(new Set([first, second]));
  const environment = await database.db
    .selectFrom('environments')
    .where('id', '=', t.environment.environmentId)
    .select('name')
    .executeTakeFirstOrThrow();
  const [kind, rest] = environment.name.split('-');
  expect(await find('environmentList', `${rest} ${kind}`)).toEqual([t.environment.environmentId]);
  const scopes = await t.accountAdmin.call('scopeList', t.account, {
    query: { query: `${rest} ${kind}` },
  });
  expect(scopes.data.map(({ scope }) => scope)).toEqual(['account', 'environment']);
});

test('usage is found by owner, environment, account and place too, and by several words', async () => {
  const { db } = database;
  const old = await insertImage(db, t.account, { cloud_image_id: ami() });
  const role = await insertRole(db, t.account, [old.id]);
  const { farmId, farmRoleId } = await insertFarm(db, t.environment, role.id);
  await insertServers(db, farmRoleId, old.id, 2);
  const stamp = { deprecated_at: new Date(), deprecated_by: 'test' };
  await db.updateTable('images').set(stamp).where('id', '=', old.id).execute();
  const names = await db
    .selectFrom('farms as f')
    .innerJoin('users as u', 'u.id', 'f.owner_id')
    .innerJoin('environments as e', 'e.id', 'f.environment_id')
    .innerJoin('accounts as a', 'a.id', 'f.account_id')
    .where('f.id', '=', farmId)
    .select(['f.name as farm', 'u.name as owner', 'u.email', 'e.name as environment'])
    .select('a.name as account')
    .executeTakeFirstOrThrow();
  const all = [
    ...Object.values(names),
    role.name,
    old.name,
    old.id,
    old.cloud_image_id,
    'us-east-1',
    'EC2',
  ];
  const queries = [...all, `${names.owner} us-east ${old.name}`, all.slice(0, 8).join(' ')];
  const byList = async (query: object) => {
    const { data } = await t.accountAdmin.call('usageList', t.account, { query });
    const groups = await t.accountAdmin.call('usageGroupList', t.account, {
      query: { ...query, by: 'farm' },
    });
    const totals = await t.accountAdmin.call('usageTotals', t.account, { query });
    return [data.length, groups.data.length, totals.data.farmRoles];
  };
  for (const query of queries) expect(await byList({ query }), query).toEqual([1, 1, 1]);
  for (const query of ['eu-west-1', `${names.owner} eu-west-1`, 'azure'])
    expect(await byList({ query }), query).toEqual([0, 0, 0]);
});

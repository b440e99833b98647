import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { type CallInput, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

type ListQuery = NonNullable<CallInput<'imageSetList'>['query']>;

/** The sets of a list, through the account's administrator. */
async function list(t: Tenant, at: ScopeRef, query: ListQuery = {}): Promise<ImageSet[]> {
  return (await t.accountAdmin.call('imageSetList', at, { query })).data;
}

async function names(t: Tenant, at: ScopeRef, query: ListQuery = {}): Promise<string[]> {
  return (await list(t, at, { sort: 'name', ...query })).map((set) => set.name);
}

/** Images of one name in three places and two architectures. */
async function insertSet(at: ScopeRef, name: string, more: object = {}): Promise<string[]> {
  const place = (cloud_location: string, architecture: 'x86_64' | 'aarch64' = 'x86_64') =>
    insertImage(database.db, at, { name, cloud_location, architecture, ...more });
  const rows = [
    await place('us-east-1'),
    await place('eu-west-1'),
    await place('eu-west-1', 'aarch64'),
  ];
  return rows.map(({ id }) => id);
}

describe('an image set', () => {
  test('holds the images of one name and one OS at one scope', async () => {
    const t = await createTenant(database.db);
    const word = randomName('w');
    await insertSet(t.account, `${word}-1`);
    await insertSet(t.environment, `${word}-1`);
    await insertSet(t.environment, `${word}-1`, { os_id: 'debian-12-x' });
    const sets = await list(t, t.environment, { query: word });
    expect(sets.map((set) => `${set.scope} ${set.os.id} ${set.images.total}`).toSorted()).toEqual([
      'account ubuntu-24-04 3',
      'environment debian-12-x 3',
      'environment ubuntu-24-04 3',
    ]);
  });

  test('says where its images stand and in what state they are', async () => {
    const t = await createTenant(database.db);
    const word = randomName('w');
    const [first, second] = await insertSet(t.account, word);
    await database.db
      .updateTable('images')
      .set({ deprecated_at: new Date(), deprecated_by: 'somebody' })
      .where('id', '=', first ?? '')
      .execute();
    await database.db
      .updateTable('images')
      .set({ status: 'failed' })
      .where('id', '=', second ?? '')
      .execute();
    const [set] = await list(t, t.account, { query: word });
    expect(set).toMatchObject({
      architectures: ['aarch64', 'x86_64'],
      places: [
        { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' },
        { cloudPlatform: 'ec2', cloudLocation: 'us-east-1' },
      ],
      images: { total: 3, deprecated: 1, failed: 1, unsettled: 0 },
    });
    const images = await t.accountAdmin.call('imageList', t.account, {
      query: { set: set?.id.toString() },
    });
    expect(images.data.map(({ name }) => name)).toEqual([word, word, word]);
  });

  test('follows its images when they are renamed, promoted or deleted, and goes with the last one', async () => {
    const t = await createTenant(database.db);
    const word = randomName('w');
    const ids = await insertSet(t.environment, `${word}-old`);
    const params = (imageId = '') => ({ params: { imageId } });
    await t.accountAdmin.call('imageUpdate', t.environment, {
      ...params(ids[0]),
      body: { name: `${word}-new` },
    });
    await t.accountAdmin.call('imagePromote', t.environment, { ...params(ids[1]), body: {} });
    const totals = async () =>
      (await list(t, t.environment, { query: word }))
        .map((set) => `${set.name.slice(word.length + 1)} ${set.scope} ${set.images.total}`)
        .toSorted();
    expect(await totals()).toEqual(['new environment 1', 'old account 1', 'old environment 1']);
    await t.accountAdmin.call('imageDelete', t.environment, params(ids[2]));
    expect(await totals()).toEqual(['new environment 1', 'old account 1']);
  });

  test('counts what uses any of its images once, at and below the scope of the request', async () => {
    const t = await createTenant(database.db);
    const ids = await insertSet(t.account, randomName('w'));
    const role = await insertRole(database.db, t.account, ids.slice(0, 2));
    const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farmRoleId, ids[0] ?? '', 2);
    const [set] = await list(t, t.account, { include: 'usage', scope: 'account' });
    expect(set?.usage).toEqual({ roles: 1, farms: 1, servers: 2, oldServers: 0 });
  });

  test('is not there for who cannot see it', async () => {
    const t = await createTenant(database.db);
    const stranger = await createTenant(database.db);
    const word = randomName('w');
    await insertSet(t.account, word);
    const [set] = await list(t, t.account, { query: word });
    const params = { imageSetId: String(set?.id) };
    await expect(
      stranger.accountAdmin.call('imageSetGet', stranger.account, { params }),
    ).rejects.toMatchObject({ code: 'ObjectNotFound' });
    const { data } = await t.accountAdmin.call('imageSetGet', t.environment, { params });
    expect(data).toEqual(set);
  });
});

describe('a line', () => {
  test('has a newest version, told by its numbers and not by their digits or dates', async () => {
    const t = await createTenant(database.db);
    const line = randomName('nginx');
    for (const version of ['1-10', '1-9', '1-9-1'])
      await insertSet(t.account, `${line}-${version}`);
    const sets = await list(t, t.environment, { line, sort: 'name' });
    expect(sets.map((set) => [set.name, set.newest, set.newer?.name ?? null])).toEqual([
      [`${line}-1-9`, false, `${line}-1-10`],
      [`${line}-1-9-1`, false, `${line}-1-10`],
      [`${line}-1-10`, true, null],
    ]);
    expect(await names(t, t.environment, { line, newest: 'true' })).toEqual([`${line}-1-10`]);
    expect(await names(t, t.environment, { line, newest: 'false' })).toHaveLength(2);
  });

  test('recommends only what is visible and can be used', async () => {
    const t = await createTenant(database.db);
    const line = randomName('nginx');
    await insertSet(t.account, `${line}-1`);
    await insertSet(t.environment, `${line}-2`);
    await insertSet(t.account, `${line}-3`, { deprecated_at: new Date(), deprecated_by: 'x' });
    await insertSet(t.account, `${line}-4`, { status: 'failed' });
    const newer = async (at: ScopeRef) =>
      (await list(t, at, { query: `${line}-1` }))[0]?.newer?.name ?? null;
    expect(await newer(t.environment)).toBe(`${line}-2`);
    expect(await newer(t.account)).toBeNull();
  });
});

describe('the list', () => {
  test('finds a set by what any of its images is found by', async () => {
    const t = await createTenant(database.db);
    const word = randomName('w');
    await insertSet(t.account, `${word}-a`);
    await insertImage(database.db, t.account, {
      name: `${word}-b`,
      cloud_image_id: 'ami-only-here',
    });
    const found = (query: ListQuery) => names(t, t.account, { query: word, ...query });
    expect(await found({ architecture: 'aarch64' })).toEqual([`${word}-a`]);
    expect(await names(t, t.account, { query: 'only-here' })).toEqual([`${word}-b`]);
    expect(await found({ inUse: 'true' })).toEqual([]);
    expect(await found({ cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' })).toEqual([
      `${word}-a`,
    ]);
    await expect(found({ cloudLocation: 'eu-west-1' })).rejects.toMatchObject({
      code: 'InvalidStructure',
    });
  });

  test.each(['added', '-added', 'name', '-name', 'os', '-os'] as const)(
    'shows every set once when walked by %s',
    async (sort) => {
      const t = await createTenant(database.db);
      const word = randomName('w');
      for (const n of [3, 1, 2, 5, 4])
        await insertSet(n % 2 ? t.account : t.environment, `${word}-${n}`);
      const walked: string[] = [];
      let cursor: string | null = 'start';
      while (cursor !== null) {
        const query: ListQuery = { query: word, sort, maxResults: '2', cursor };
        const answer: Awaited<ReturnType<typeof t.accountAdmin.call<'imageSetList'>>> =
          await t.accountAdmin.call('imageSetList', t.environment, { query });
        walked.push(...answer.data.map((set) => set.name));
        cursor = answer.page?.kind === 'cursor' ? answer.page.next : null;
      }
      expect(walked.toSorted()).toEqual([1, 2, 3, 4, 5].map((n) => `${word}-${n}`));
      if (sort === '-name') expect(walked).toEqual(walked.toSorted().toReversed());
    },
  );
});

test('the database and this code agree on what a line and a version are', async () => {
  const read = async (name: string) => {
    const { rows } = await sql<{ line: string; version: string[] }>`
      SELECT image_line(${name}) AS line, image_version(${name})::text[] AS version`.execute(
      database.db,
    );
    return [rows[0]?.line, rows[0]?.version];
  };
  expect(await read('fcos-44-20260607-3-1')).toEqual(['fcos', ['44', '20260607', '3', '1']]);
  expect(await read('nginx-1-09')).toEqual(['nginx', ['1', '9']]);
  expect(await read('app--1---2')).toEqual(['app', ['1', '2']]);
  expect(await read('nginx')).toEqual(['nginx', []]);
  expect(await read('44-2026')).toEqual(['44', ['2026']]);
  expect(await read('v2-app')).toEqual(['v2-app', []]);
});

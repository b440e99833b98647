import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { architectures } from '#contract/images/architectures.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { CallInput } from '../../testing/harness.ts';
import { queueCloudDeletion } from '../../database/queries/images/image-changes.ts';
import { lineOf } from '../../domain/images/lines.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';
import { captureStatements } from '../../testing/statements.ts';

const database = withDatabase();
const full = process.env.SLIPWAY_TEST_FULL === '1';

type Query = NonNullable<CallInput<'imageCandidates'>['query']>;

/** An image in a location of its own, so that other tests' Corporate images are no candidates. */
async function createOld(t: Tenant, at: ScopeRef, values: object = {}) {
  const cloud_location = randomName('region');
  const old = await insertImage(database.db, at, { cloud_location, ...values });
  const add = (where: ScopeRef, more: object = {}) =>
    insertImage(database.db, where, { cloud_location, ...more });
  const candidates = async (from: ScopeRef, query: Query = {}) => {
    const input = { params: { imageId: old.id }, query };
    return (await t.corporateAdmin.call('imageCandidates', from, input)).data;
  };
  return { old, add, candidates };
}

const day = (n: number) => new Date(Date.UTC(2026, 0, n));

describe('the images that may replace one', () => {
  test('come first, newest first; the others follow with the rule against them', async () => {
    const t = await createTenant(database.db);
    const { add, candidates } = await createOld(t, t.account);
    const add3 = async (n: number, at: ScopeRef, values: object = {}) =>
      (await add(at, { added_at: day(n), ...values })).id;
    const valid = await add3(1, t.account);
    const newerValid = await add3(2, t.corporate);
    const deprecated = await add3(3, t.account, { deprecated_at: day(4), deprecated_by: 'x' });
    const failed = await add3(4, t.account, { status: 'failed' });
    const otherSystem = await add3(5, t.account, { os_id: 'ubuntu-22-04' });
    const otherArchitecture = await add3(6, t.account, { architecture: 'aarch64' });
    await add3(7, t.environment);
    await add3(8, t.account, { cloud_location: 'elsewhere-1' });
    const found = await candidates(t.account);
    expect(found.map(({ id, valid, code }) => [id, valid, code])).toEqual([
      [newerValid, true, null],
      [valid, true, null],
      [otherArchitecture, false, 'ConfigurationMismatch'],
      [otherSystem, false, 'OperatingSystemMismatch'],
      [failed, false, 'UnacceptableImageStatus'],
      [deprecated, false, 'Deprecated'],
    ]);
    expect(found.every(({ valid, reason }) => valid === (reason === null))).toBe(true);
    const oldestFirst = await candidates(t.account, { sort: 'added' });
    expect(oldestFirst.map(({ id }) => id).slice(0, 3)).toEqual([valid, newerValid, deprecated]);
    const onlyValid = await candidates(t.account, { valid: 'true' });
    expect(onlyValid.map(({ id }) => id)).toEqual([newerValid, valid]);
    expect(await candidates(t.account, { valid: 'false' })).toHaveLength(4);
  });

  test('are led by those of the same line, newest first; other software comes after them', async () => {
    const t = await createTenant(database.db);
    const { add, candidates } = await createOld(t, t.account, { name: 'nginx-1-9' });
    const addNamed = async (name: string, n: number, values: object = {}) =>
      (await add(t.account, { name, added_at: day(n), ...values })).id;
    const next = await addNamed('nginx-1-10', 1);
    const newest = await addNamed('nginx-1-11', 2);
    const refused = await addNamed('nginx-1-12', 3, { status: 'failed' });
    const other = await addNamed('redis-7', 4);
    const newestOther = await addNamed('nginx-plus-1-9', 5);
    const newestFirst = await candidates(t.account);
    expect(newestFirst.map(({ id, sameLine, valid }) => [id, sameLine, valid])).toEqual([
      [newest, true, true],
      [next, true, true],
      [newestOther, false, true],
      [other, false, true],
      [refused, true, false],
    ]);
    const oldestFirst = (await candidates(t.account, { sort: 'added' })).map(({ id }) => id);
    expect(oldestFirst).toEqual([next, newest, other, newestOther, refused]);
  });

  test('are searched everywhere, so that one learns why an image elsewhere will not do', async () => {
    const t = await createTenant(database.db);
    const { old, add, candidates } = await createOld(t, t.account);
    const word = randomName('w');
    const here = await add(t.account, { name: `${word}-here`, added_at: day(1) });
    const there = await add(t.account, { name: `${word}-there`, cloud_location: 'elsewhere-1' });
    const found = await candidates(t.account, { query: word.toUpperCase() });
    expect(found.map(({ id, code }) => [id, code])).toEqual([
      [here.id, null],
      [there.id, 'BadRequest'],
    ]);
    const itself = await candidates(t.account, { query: old.cloud_image_id });
    expect(itself).toMatchObject([{ id: old.id, valid: false, code: 'InvalidValue' }]);
  });

  test('for one role must be fit to enter it too', async () => {
    const t = await createTenant(database.db);
    const { old, add, candidates } = await createOld(t, t.account);
    const role = await insertRole(database.db, t.account, [old.id]);
    const fit = await add(t.account, { scalr_agent_installed: false, cloud_init_installed: true });
    const bare = await add(t.account, { scalr_agent_installed: false });
    const below = await add(t.environment);
    const codes = async (query: Query) =>
      Object.fromEntries(
        (await candidates(t.environment, query)).map(({ id, code }) => [id, code]),
      );
    expect(await codes({})).toEqual({ [fit.id]: null, [bare.id]: null, [below.id]: null });
    expect(await codes({ roleId: String(role.id) })).toEqual({
      [fit.id]: null,
      [bare.id]: 'UnacceptableImageStatus',
      [below.id]: 'ScopeViolation',
    });
    await expect(candidates(t.account, { roleId: '2147483647' })).rejects.toMatchObject({
      code: 'ObjectNotFound',
      details: { field: 'roleId' },
    });
  });

  test('are paged by cursor without a gap where the valid ones end', async () => {
    const t = await createTenant(database.db);
    const { old, add, candidates } = await createOld(t, t.account);
    for (let n = 1; n <= 9; n++)
      await add(t.account, { added_at: day(n), ...(n % 2 === 0 && { architecture: 'i386' }) });
    for (const sort of ['added', '-added'] as const) {
      const pageAt = async (cursor: string) => {
        const query = { cursor, maxResults: '2', sort };
        const input = { params: { imageId: old.id }, query };
        return t.accountAdmin.call('imageCandidates', t.account, input);
      };
      const seen: string[] = [];
      for (let cursor: string | null = 'start'; cursor !== null;) {
        const answer: Awaited<ReturnType<typeof pageAt>> = await pageAt(cursor);
        seen.push(...answer.data.map(({ id }) => id));
        cursor = answer.page?.kind === 'cursor' ? answer.page.next : null;
      }
      expect(seen).toEqual((await candidates(t.account, { sort })).map(({ id }) => id));
      expect(seen).toHaveLength(9);
    }
  });
});

test('the database and the domain take the same line from a name', async () => {
  const name = fc
    .array(fc.constantFrom('a', 'Z', '0', '7', '-', '-'), { minLength: 0, maxLength: 12 })
    .map((middle) => `a${middle.join('')}9`);
  const names = fc.sample(fc.oneof(name, fc.constant('fcos-44-20260607-3-1')), 500);
  const t = await createTenant(database.db);
  const rows = await database.db
    .insertInto('images')
    .values(
      names.map((one) => ({
        name: one,
        scope: 'account' as const,
        account_id: t.account.accountId,
        cloud_platform: 'ec2',
        cloud_location: 'line-1',
        cloud_image_id: randomName('ami'),
        os_id: 'ubuntu-24-04',
        architecture: 'x86_64' as const,
        created_by: 'test@example.com',
      })),
    )
    .returning(['name', 'line'])
    .execute();
  expect(rows.map(({ line }) => line)).toEqual(rows.map((row) => lineOf(row.name)));
});

test('the order of the list and the verdicts in it follow the same rules, on any data', async () => {
  const t = await createTenant(database.db);
  const systems = ['ubuntu-24-04', 'ubuntu-22-04', 'unknown-os', 'fedora-coreos'];
  const places = [t.corporate, t.account, t.environment, t.otherEnvironment];
  const location = randomName('region');
  const images = fc.record({
    os_id: fc.constantFrom(...systems),
    architecture: fc.constantFrom(...architectures),
    status: fc.constantFrom('active', 'active', 'active', 'failed', 'pending_delete'),
    cloud_platform: fc.constantFrom('ec2', 'ec2', 'ec2', 'openstack'),
    cloud_location: fc.constantFrom(location, location, location, `${location}-b`),
    scalr_agent_installed: fc.boolean(),
    cloud_init_installed: fc.boolean(),
    deprecated: fc.boolean().map((yes) => (yes ? day(1) : null)),
    at: fc.constantFrom(...places),
  });
  const roles = fc.record({
    os_id: fc.constantFrom(...systems),
    use_scalr_agent: fc.boolean(),
    at: fc.constantFrom(t.corporate, t.account, t.environment),
  });
  type ImageCase = typeof images extends fc.Arbitrary<infer Row> ? Row : never;
  const cases = fc.record({
    old: images,
    others: fc.array(images, { minLength: 1, maxLength: 12 }),
    role: fc.option(roles, { nil: undefined }),
    from: fc.constantFrom(t.environment, t.otherEnvironment),
  });
  const check = fc.asyncProperty(cases, async (given) => {
    // A role of one environment is not visible from the other: look from where it is.
    const from = given.role?.at === t.environment ? t.environment : given.from;
    const word = randomName('w');
    const insert = async ({ at, deprecated, status, ...values }: ImageCase, name: string) => {
      const leaving = status === 'pending_delete';
      const image = await insertImage(database.db, at, {
        ...values,
        name,
        deprecated_at: deprecated,
        deprecated_by: 'x',
        ...(!leaving && { status }),
      });
      if (leaving) await queueCloudDeletion(database.db, image.id, new Date());
      return image;
    };
    const old = await insert({ ...given.old, at: t.corporate }, `${word}-old`);
    for (const other of given.others) await insert(other, `${word}-other`);
    const { at, ...values } = given.role ?? { at: t.corporate };
    const role = given.role && (await insertRole(database.db, at, [], values));
    const list = async (valid?: 'true' | 'false') => {
      const query = { query: word, valid, ...(role && { roleId: String(role.id) }) };
      const input = { params: { imageId: old.id }, query };
      return (await t.corporateAdmin.call('imageCandidates', from, input)).data;
    };
    // SQL chose what is listed as valid and puts it first; the domain wrote the verdicts.
    const [all, valid, invalid] = [await list(), await list('true'), await list('false')];
    expect(valid.every((one) => one.valid)).toBe(true);
    expect(invalid.every((one) => !one.valid)).toBe(true);
    expect(all).toEqual([...valid, ...invalid]);
  });
  await fc.assert(check, { numRuns: full ? 300 : 40 });
});

// How long it takes is measured on a quiet machine: docs/performance.md.
test('25,000 candidates are asked for with as many statements as few, and come in pages', async () => {
  const t = await createTenant(database.db);
  const { add, candidates } = await createOld(t, t.account, { cloud_location: 'crowded-1' });
  const countStatements = async (shown: number) => {
    const work = async () => {
      const found = await candidates(t.account, { cursor: 'start', maxResults: '50' });
      expect(found.map(({ valid }) => valid)).toEqual(Array(shown).fill(true));
    };
    return (await captureStatements(work, { keep: true })).length;
  };
  await add(t.account, { cloud_location: 'crowded-1' });
  const forOne = await countStatements(1);
  await database.db.transaction().execute(async (tx) => {
    // The fixture of this test may take longer than a request.
    await sql`SET LOCAL statement_timeout = 0`.execute(tx);
    await sql`INSERT INTO images (name, scope, account_id, cloud_platform, cloud_location,
        cloud_image_id, os_id, architecture, status, created_by, added_at)
      SELECT 'crowd-' || n, 'account', ${t.account.accountId}, 'ec2', 'crowded-1',
        'ami-crowd-' || n, CASE WHEN n % 3 = 0 THEN 'ubuntu-22-04' ELSE 'ubuntu-24-04' END,
        'x86_64', CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'active' END, 'test@example.com',
        timestamptz '2026-01-01' + n * interval '1 minute'
      FROM generate_series(1, 25000) n`.execute(tx);
  });
  await sql`ANALYZE images`.execute(database.db);
  expect(await countStatements(50)).toBe(forOne);
});

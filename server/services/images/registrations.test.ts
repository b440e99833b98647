import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { isVisibleFrom } from '../../domain/scopes.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

// One machine image, several registrations: docs/domain.md.

const database = withDatabase();
const full = process.env.SLIPWAY_TEST_FULL === '1';

/** One cloud image that was registered in an environment, at its account and at Corporate scope. */
async function createRegistrations() {
  const t = await createTenant(database.db);
  const cloud_image_id = randomName('ami');
  const register = (at: ScopeRef) => insertImage(database.db, at, { cloud_image_id });
  const [low, middle, top] = [
    await register(t.environment),
    await register(t.account),
    await register(t.corporate),
  ];
  return { t, low, middle, top };
}

function deprecate(t: Tenant, at: ScopeRef, imageId: string, body: object = {}) {
  return t.corporateAdmin.call('imageDeprecate', at, { params: { imageId }, body });
}

async function addToRole(t: Tenant, at: ScopeRef, imageId: string) {
  const role = await insertRole(database.db, at);
  const input = { params: { roleId: String(role.id) }, body: { image: { id: imageId } } };
  return t.corporateAdmin.call('roleImageCreate', at, input);
}

async function usageOf(t: Tenant, at: ScopeRef, imageId: string) {
  const { data } = await t.corporateAdmin.call('imageUsage', at, { params: { imageId } });
  const { data: image } = await t.corporateAdmin.call('imageGet', at, {
    params: { imageId },
    query: { include: ['usage'] as never },
  });
  const counts = [data.roles.total, data.farms.total, data.servers.total];
  expect([image.usage?.roles, image.usage?.farms, image.usage?.servers]).toEqual(counts);
  expect(data.roles.items).toHaveLength(data.roles.total);
  return data;
}

describe('a deprecation covers every registration of the cloud image that is seen below it', () => {
  test('none of them enters a role, and the refusal says which one is deprecated', async () => {
    const { t, low, middle, top } = await createRegistrations();
    const { warnings } = await deprecate(t, t.account, middle.id, { reason: 'CVE-2026-1' });
    expect(warnings).toMatchObject([
      { code: 'OtherRegistrations', message: expect.stringContaining('1 registration') },
    ]);
    for (const image of [low, top])
      await expect(addToRole(t, t.environment, image.id)).rejects.toMatchObject({
        code: 'Deprecated',
        message: expect.stringContaining(`at Account scope, as "${middle.name}"`),
      });
    // Corporate does not see what an account thinks of it.
    await addToRole(t, t.corporate, top.id);
    const other = await createTenant(database.db);
    await addToRole(other, other.environment, top.id);
    const { data } = await t.viewer.call('imageGet', t.account, { params: { imageId: top.id } });
    expect(data).toMatchObject({
      deprecated: false,
      deprecation: null,
      deprecationElsewhere: { image: { id: middle.id }, reason: 'CVE-2026-1' },
    });
    const restored = await deprecate(t, t.account, middle.id, { deprecate: false });
    expect(restored.warnings).toMatchObject([{ code: 'OtherRegistrations' }]);
    await addToRole(t, t.environment, low.id);
  });

  test('servers on any of them are old, and counted as users of each', async () => {
    const { t, low, middle, top } = await createRegistrations();
    const role = await insertRole(database.db, t.environment, [low.id]);
    const farm = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farm.farmRoleId, low.id, 3);
    const usage = () => t.corporateAdmin.call('usageList', t.account, { query: { image: top.id } });
    expect((await usage()).data).toEqual([]);
    await deprecate(t, t.corporate, top.id);
    expect((await usage()).data).toMatchObject([
      { image: { id: low.id, deprecated: true }, stale: false, servers: { old: 3, live: 3 } },
    ]);
    const { data: servers } = await t.corporateAdmin.call('serverList', t.account, {
      query: { onOldImage: 'true' },
    });
    expect(servers).toHaveLength(3);
    for (const image of [low, middle, top]) {
      const at = image === low ? t.environment : t.account;
      expect(await usageOf(t, at, image.id)).toMatchObject({
        roles: { total: 1 },
        farms: { total: 1 },
        servers: { total: 3, stale: 0 },
      });
      const listed = await t.corporateAdmin.call('serverList', at, {
        query: { image: image.id, live: 'true' },
      });
      expect(listed.data).toHaveLength(3);
    }
    // What stands in the way of deleting a row is its own use alone.
    await t.corporateAdmin.call('imageDelete', t.account, { params: { imageId: middle.id } });
    expect((await usageOf(t, t.account, top.id)).servers.total).toBe(3);
    await deprecate(t, t.corporate, top.id, { deprecate: false });
    expect((await usage()).data).toEqual([]);
  });

  test('also when it was there before, when it is promoted away, and when it is deleted', async () => {
    const t = await createTenant(database.db);
    const cloud_image_id = randomName('ami');
    const low = await insertImage(database.db, t.environment, { cloud_image_id });
    const role = await insertRole(database.db, t.environment, [low.id]);
    const farm = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farm.farmRoleId, low.id, 1);
    const old = async () =>
      (await t.corporateAdmin.call('usageTotals', t.environment, {})).data.servers;
    expect(await old()).toBe(0);
    const body = {
      name: 'app-1',
      cloudPlatform: 'ec2' as const,
      cloudLocation: 'us-east-1',
      cloudImageId: cloud_image_id,
      os: { id: 'ubuntu-24-04' },
      architecture: 'x86_64' as const,
      deprecated: true,
    };
    const { data: above } = await t.corporateAdmin.call('imageCreate', t.account, { body });
    expect(await old()).toBe(1);
    await t.corporateAdmin.call('imagePromote', t.account, {
      params: { imageId: above.id },
      body: {},
    });
    expect(await old()).toBe(1);
    await t.corporateAdmin.call('imageDelete', t.corporate, { params: { imageId: above.id } });
    expect(await old()).toBe(0);
  });
});

test('a replacement names the roles that hold another registration, and takes them along when asked to', async () => {
  const { t, low, middle } = await createRegistrations();
  const next = await insertImage(database.db, t.account);
  const one = await insertRole(database.db, t.account, [middle.id]);
  const two = await insertRole(database.db, t.environment, [low.id]);
  const params = { imageId: middle.id };
  const body = { newImage: next.id, scope: ['account', 'environment'] as const };
  const preview = async (more: object = {}) =>
    (
      await t.corporateAdmin.call('imageReplacePreview', t.account, {
        params,
        body: { ...body, scope: [...body.scope], ...more },
      })
    ).data;
  const held = async () =>
    (
      await database.db
        .selectFrom('role_images')
        .where('role_id', 'in', [one.id, two.id])
        .orderBy('role_id')
        .select('image_id')
        .execute()
    ).map((row) => row.image_id);
  expect(await preview()).toMatchObject({
    roles: [{ id: one.id, otherRegistration: false }],
    otherRegistrations: { roles: 1, items: [{ id: two.id, name: two.name }] },
    outsideReach: { roles: 0 },
  });
  expect(await preview({ otherRegistrations: true })).toMatchObject({
    roles: [
      { id: one.id, otherRegistration: false },
      { id: two.id, otherRegistration: true },
    ],
    otherRegistrations: { roles: 0, items: [] },
  });
  const { meta } = await t.corporateAdmin.call('imageReplace', t.account, {
    params,
    body: { ...body, scope: [...body.scope], otherRegistrations: true },
  });
  expect(await held()).toEqual([next.id, next.id]);
  const id = meta?.replacement?.id ?? '';
  const back = await t.corporateAdmin.call('replacementRollBack', t.account, {
    params: { replacementId: id },
    body: {},
  });
  // Each gets back the registration that it had.
  expect(await held()).toEqual([middle.id, low.id]);
  await t.corporateAdmin.call('replacementRollBack', t.account, {
    params: { replacementId: back.meta?.replacement?.id ?? '' },
    body: {},
  });
  expect(await held()).toEqual([next.id, next.id]);
});

test('what enters a role, what servers are old and what may replace an image follow one rule, on any data', async () => {
  const t = await createTenant(database.db);
  const places = [t.environment, t.otherEnvironment, t.account, t.corporate];
  const cases = fc.record({
    registered: fc.subarray(places, { minLength: 1 }),
    deprecated: fc.subarray(places),
  });
  const check = fc.asyncProperty(cases, async ({ registered, deprecated }) => {
    const cloud_image_id = randomName('ami');
    const cloud_location = randomName('region');
    const old = await insertImage(database.db, t.corporate, { cloud_location });
    const seenFrom = (at: ScopeRef) => (place: ScopeRef) => isVisibleFrom(placeColumns(place), at);
    const images = new Map<ScopeRef, string>();
    const groups: [ScopeRef, number][] = [];
    for (const at of registered)
      images.set(at, (await insertImage(database.db, at, { cloud_image_id, cloud_location })).id);
    for (const at of [t.environment, t.otherEnvironment])
      for (const place of registered.filter(seenFrom(at))) {
        const role = await insertRole(database.db, at, [images.get(place) ?? '']);
        const farm = await insertFarm(database.db, at, role.id, { cloudLocation: cloud_location });
        await insertServers(database.db, farm.farmRoleId, images.get(place) ?? '', 1);
        groups.push([at, farm.farmRoleId]);
      }
    for (const at of deprecated) if (images.has(at)) await deprecate(t, at, images.get(at) ?? '');
    const isOldAt = (at: ScopeRef) =>
      registered.filter((place) => deprecated.includes(place)).some(seenFrom(at));
    for (const [at, farmRoleId] of groups) {
      const { rows } = await sql<{ old: boolean; since: Date | null }>`
        SELECT old, since FROM server_groups WHERE farm_role_id = ${farmRoleId}`.execute(
        database.db,
      );
      const verdicts = rows.map(({ old: isOld, since }) => [isOld, since !== null]);
      expect(verdicts).toEqual([[isOldAt(at), isOldAt(at)]]);
    }
    for (const at of places)
      for (const place of registered.filter(seenFrom(at))) {
        const code = await addToRole(t, at, images.get(place) ?? '').then(
          () => undefined,
          (error: { code: string }) => error.code,
        );
        expect(code).toBe(isOldAt(at) ? 'Deprecated' : undefined);
        const { data } = await t.corporateAdmin.call('imageCandidates', at, {
          params: { imageId: old.id },
          query: { query: cloud_image_id },
        });
        const candidate = data.find((one) => one.id === images.get(place));
        expect(candidate?.valid).toBe(!isOldAt(at));
      }
  });
  await fc.assert(check, { numRuns: full ? 100 : 12 });
});

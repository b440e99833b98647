import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

// Plans of many pairs: docs/domain.md, "Plans".

const database = withDatabase();
const east = { cloud_location: 'us-east-1' };
const west = { cloud_location: 'us-west-2' };
const arm = { architecture: 'aarch64' } as const;
const everywhere = ['account', 'environment'] as const;

/** The images of a set at an account, one for each of these places. */
async function createSet(at: ScopeRef, places: readonly object[]) {
  const name = randomName('build');
  const images = [];
  for (const place of places) images.push(await insertImage(database.db, at, { name, ...place }));
  const row = await database.db
    .selectFrom('images')
    .where('id', '=', images[0]?.id ?? '')
    .select('set_id')
    .executeTakeFirstOrThrow();
  return { id: row.set_id ?? 0, name, images, ids: images.map(({ id }) => id) };
}

/** A set in two places, a newer one that has the first of them, and a role that holds both images. */
async function createCase() {
  const t = await createTenant(database.db);
  const old = await createSet(t.account, [east, west]);
  const next = await createSet(t.account, [east, west]);
  const role = await insertRole(database.db, t.account, old.ids);
  const below = await insertRole(database.db, t.environment, [old.ids[0] ?? '']);
  return { t, old, next, role, below };
}

const plan = (t: Tenant, body: object, who = t.accountAdmin, at: ScopeRef = t.account) =>
  who.call('replacementPlan', at, { body });
const apply = (t: Tenant, replacementId: string, more: object = {}) =>
  t.accountAdmin.call('replacementApply', t.account, { params: { replacementId }, ...more });
const get = (t: Tenant, replacementId: string, who = t.accountAdmin) =>
  who.call('replacementGet', t.account, { params: { replacementId } });

/** The images of a role by location. */
async function imagesOf(role: { id: number }): Promise<Record<string, string>> {
  const rows = await database.db
    .selectFrom('role_images')
    .where('role_id', '=', role.id)
    .select(['cloud_location', 'image_id'])
    .execute();
  return Object.fromEntries(rows.map((row) => [row.cloud_location, row.image_id]));
}

describe('a plan of a set', () => {
  test('pairs what stands in one place and has one architecture, and names what has nothing', async () => {
    const t = await createTenant(database.db);
    const old = await createSet(t.account, [east, { ...east, ...arm }, west]);
    const next = await createSet(t.account, [{ ...east, ...arm }, east]);
    const role = await insertRole(database.db, t.account, [old.ids[0] ?? '', old.ids[2] ?? '']);
    const body = { oldImageSet: old.id, newImageSet: next.id };
    const { data } = await plan(t, body);
    const shown = data.plan?.pairs.map((pair) => [pair.oldImage.id, pair.newImage.id, pair.roles]);
    expect(shown).toEqual([
      [old.ids[1], next.ids[0], 0],
      [old.ids[0], next.ids[1], 1],
    ]);
    expect(data.plan?.holes).toMatchObject([
      { image: { id: old.ids[2] }, byHand: false, roles: 1 },
    ]);
    expect(data.plan?.warnings.map(({ code }) => code)).toEqual(['Hole']);
    await apply(t, data.id);
    expect(await imagesOf(role)).toEqual({ 'us-east-1': next.ids[1], 'us-west-2': old.ids[2] });
  });

  test('changes nothing, and is applied whole in one act', async () => {
    const { t, old, next, role, below } = await createCase();
    const before = [await imagesOf(role), await imagesOf(below)];
    const body = { oldImageSet: old.id, newImageSet: next.id, scope: everywhere, reason: 'CVE' };
    const { data } = await plan(t, { ...body, deprecateOldImage: true });
    expect([await imagesOf(role), await imagesOf(below)]).toEqual(before);
    expect(data).toMatchObject({ state: 'planned', roles: 0, reason: 'CVE' });
    expect(data.plan).toMatchObject({
      allowed: true,
      changedSince: null,
      counts: { change: 3, skip: 0, roles: 2 },
      deprecates: 2,
    });
    const done = await apply(t, data.id);
    expect(done.data).toMatchObject({ id: data.id, state: 'applied', roles: 2, reason: 'CVE' });
    expect(done.data.pairs.map((pair) => [pair.roles, pair.deprecatedOldImage])).toEqual([
      [2, true],
      [1, true],
    ]);
    expect(await imagesOf(role)).toEqual({ 'us-east-1': next.ids[0], 'us-west-2': next.ids[1] });
    expect(await imagesOf(below)).toEqual({ 'us-east-1': next.ids[0] });
    const entries = await database.db
      .selectFrom('operations_log')
      .where('request_id', '=', done.requestId)
      .select('object')
      .execute();
    expect(entries).toEqual([{ object: `replacement:${data.id}` }]);
  });

  test('follows pairs that are made by hand, and leaves out what is named without another', async () => {
    const { t, old, next, role } = await createCase();
    const other = await insertImage(database.db, t.account);
    const pairs = [
      { oldImage: old.ids[0], newImage: other.id },
      { oldImage: old.ids[1], newImage: null },
    ];
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id, pairs });
    expect(data.plan?.pairs).toMatchObject([{ byHand: true, newImage: { id: other.id } }]);
    expect(data.plan?.holes).toMatchObject([{ byHand: true, image: { id: old.ids[1] } }]);
    const input = { params: { replacementId: data.id }, body: { pairs: [] } };
    const again = await t.accountAdmin.call('replacementReplan', t.account, input);
    expect(again.data.plan?.pairs.map((pair) => pair.newImage.id)).toEqual(next.ids);
    expect(again.data).toMatchObject({ version: 2, pairs: [{}, {}] });
    await apply(t, data.id);
    expect(await imagesOf(role)).toEqual({ 'us-east-1': next.ids[0], 'us-west-2': next.ids[1] });
  });

  test('is refused as a whole where one place cannot change, and can leave that out', async () => {
    const { t, old, next, role } = await createCase();
    await database.db
      .updateTable('images')
      .set({ status: 'failed' })
      .where('id', '=', next.ids[1] ?? '')
      .execute();
    const body = { oldImageSet: old.id, newImageSet: next.id };
    const refused = await plan(t, body);
    expect(refused.data.plan).toMatchObject({ allowed: false, code: 'UnacceptableImageStatus' });
    await expect(apply(t, refused.data.id)).rejects.toMatchObject({
      code: 'UnacceptableImageStatus',
    });
    expect(await imagesOf(role)).toEqual({ 'us-east-1': old.ids[0], 'us-west-2': old.ids[1] });
    const { data } = await plan(t, { ...body, onIncompatible: 'skip' });
    expect(data.plan?.pairs.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['change', null],
      ['skip', 'UnacceptableImageStatus'],
    ]);
    const done = await apply(t, data.id);
    expect(done.warnings.map(({ code }) => code)).toEqual(['UnacceptableImageStatus']);
    expect(done.data.pairs).toHaveLength(1);
    expect(await imagesOf(role)).toEqual({ 'us-east-1': next.ids[0], 'us-west-2': old.ids[1] });
  });

  test('tells whose farms start on the new images, and what stays until it is relaunched', async () => {
    const { t, old, next, role } = await createCase();
    const one = await insertFarm(database.db, t.environment, role.id);
    const two = await insertFarm(database.db, t.environment, role.id, {
      cloudLocation: 'us-west-2',
    });
    const idle = await insertFarm(database.db, t.otherEnvironment, role.id);
    await insertServers(database.db, one.farmRoleId, old.ids[0] ?? '', 2);
    await insertServers(database.db, one.farmRoleId, old.ids[0] ?? '', 1, 'suspended');
    await insertServers(database.db, two.farmRoleId, next.ids[1] ?? '', 4, 'running');
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id });
    expect(data.plan?.blastRadius).toMatchObject({
      farms: 3,
      farmRoles: 3,
      environments: 2,
      servers: 3,
      suspendedServers: 1,
      farmList: [{ id: one.farmId, servers: 3, suspendedServers: 1 }, { servers: 0 }, {}],
      owners: [{ farms: 1, servers: 3 }, {}, {}],
    });
    expect(data.plan?.blastRadius.farmList.map(({ id }) => id)).toContain(idle.farmId);
    const { accountName } = (await t.viewer.call('scopeGet', t.account)).data;
    const { owners, farmList } = data.plan?.blastRadius ?? {};
    for (const one of [...(owners ?? []), ...(farmList ?? [])])
      expect(one).toMatchObject({ accountName });
  });
});

describe('what cannot be planned is refused at once', () => {
  test.each([
    ['nothing to replace', () => ({ newImageSet: 1 }), 'InvalidStructure', 'oldImage'],
    ['nothing to replace it with', () => ({ oldImageSet: 1 }), 'InvalidStructure', 'newImage'],
  ])('%s', async (_what, body, code, field) => {
    const t = await createTenant(database.db);
    await expect(plan(t, body())).rejects.toMatchObject({ code, details: { field } });
  });

  test('what nobody sees here, contradictions, and nothing in common', async () => {
    const { t, old, next } = await createCase();
    const other = await createCase();
    const elsewhere = await createSet(t.account, [{ cloud_location: 'eu-west-1' }]);
    const cases: [object, string, string][] = [
      [{ oldImageSet: other.old.id, newImageSet: next.id }, 'ObjectNotFound', 'oldImageSet.id'],
      [{ oldImageSet: old.id, newImage: other.next.ids[0] }, 'ObjectNotFound', 'newImage.id'],
      [{ oldImageSet: old.id, newImageSet: old.id }, 'InvalidValue', 'newImage.id'],
      [{ oldImageSet: old.id, newImageSet: elsewhere.id }, 'ConfigurationMismatch', 'pairs'],
      [
        {
          pairs: [
            { oldImage: old.ids[0], newImage: next.ids[0] },
            { oldImage: next.ids[0], newImage: old.ids[0] },
          ],
        },
        'InvalidValue',
        'pairs',
      ],
    ];
    for (const [body, code, field] of cases)
      await expect(plan(t, body), JSON.stringify(body)).rejects.toMatchObject({
        code,
        details: { field },
      });
  });
});

describe('who may only look', () => {
  test('may plan and send the plan on, sees who can apply it, and cannot', async () => {
    const { t, old, next } = await createCase();
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id }, t.viewer);
    expect(data.plan).toMatchObject({ allowed: false, code: 'PermissionViolation' });
    const able = data.plan?.whoCan.users.map(({ email }) => email);
    expect(able?.[0]).toBe(t.accountAdmin.email);
    expect(able).not.toContain(t.viewer.email);
    expect(able).not.toContain(t.environmentAdmin.email);
    const input = { params: { replacementId: data.id } };
    await expect(t.viewer.call('replacementApply', t.account, input)).rejects.toMatchObject({
      code: 'PermissionViolation',
    });
    expect((await get(t, data.id)).data.plan).toMatchObject({ allowed: true });
    const done = await apply(t, data.id);
    expect(done.data).toMatchObject({ by: t.accountAdmin.email, planned: { by: t.viewer.email } });
  });

  test('may give up what they planned, and nothing that others did', async () => {
    const { t, old, next } = await createCase();
    const body = { oldImageSet: old.id, newImageSet: next.id };
    const own = (await plan(t, body, t.viewer)).data;
    const others = (await plan(t, body)).data;
    const seen = async ({ id }: { id: string }) =>
      (await t.viewer.call('replacementGet', t.account, { params: { replacementId: id } })).data
        .plan;
    expect((await seen(own))?.change).toEqual({ allowed: true });
    expect((await seen(others))?.change).toMatchObject({ code: 'PermissionViolation' });
    const cancel = ({ id }: { id: string }) =>
      t.viewer.call('replacementCancel', t.account, { params: { replacementId: id } });
    expect((await cancel(own)).data.state).toBe('cancelled');
    await expect(cancel(others)).rejects.toMatchObject({ code: 'PermissionViolation' });
    await expect(apply(t, own.id)).rejects.toMatchObject({ code: 'UnacceptableState' });
  });
});

test('a plan says what was wished for, also once it is given up or applied, and the same can be wished for again', async () => {
  const { t, old, next } = await createCase();
  const wish = {
    oldImageSet: { id: old.id },
    newImageSet: { id: next.id },
    pairs: [{ oldImage: { id: old.ids[1] ?? '' }, newImage: null }],
    deprecateOldImage: true,
    scope: ['account' as const],
    onIncompatible: 'skip' as const,
    allowArchitectureChange: true,
    otherRegistrations: true,
    reason: 'Kernel update',
  };
  const { data } = await plan(t, wish);
  expect(data.wish).toEqual(wish);
  await t.accountAdmin.call('replacementCancel', t.account, {
    params: { replacementId: data.id },
  });
  const cancelled = (await get(t, data.id)).data;
  expect(cancelled).toMatchObject({ state: 'cancelled', plan: null, wish });
  const again = (await plan(t, cancelled.wish ?? {})).data;
  expect(again.plan).toEqual(data.plan);
  await apply(t, again.id);
  expect((await get(t, again.id)).data).toMatchObject({ state: 'applied', plan: null, wish });
});

describe('a plan that things went past', () => {
  test('is not applied: the difference is named, and the new plan is when it was looked at', async () => {
    const { t, old, next } = await createCase();
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id });
    const late = await insertRole(database.db, t.account, [old.ids[1] ?? '']);
    const added = [{ type: 'role', id: late.id, what: 'changes in ec2 us-west-2' }];
    await expect(apply(t, data.id)).rejects.toMatchObject({
      code: 'Conflict',
      details: { difference: { added, gone: [] } },
    });
    const now = (await get(t, data.id)).data;
    expect(now.plan?.changedSince).toMatchObject({ added, gone: [] });
    const done = await apply(t, data.id, { digest: now.plan?.digest ?? '' });
    expect(done.data.roles).toBe(2);
  });

  test('names the images that it pairs otherwise by name and place', async () => {
    const { t, old, next } = await createCase();
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id });
    const [, westOfNext] = next.images;
    await database.db
      .updateTable('images')
      .set({ name: randomName('renamed') })
      .where('id', '=', westOfNext?.id ?? '')
      .execute();
    const { added = [], gone = [] } = (await get(t, data.id)).data.plan?.changedSince ?? {};
    const ofImages = (items: typeof added) => items.filter(({ type }) => type === 'image');
    expect(ofImages(gone)).toEqual([
      expect.objectContaining({
        name: old.name,
        what: 'is replaced in ec2 us-west-2 by',
        other: { id: westOfNext?.id, name: next.name },
      }),
    ]);
    expect(ofImages(added)).toEqual([
      expect.objectContaining({
        name: old.name,
        what: 'has nothing in its place in ec2 us-west-2 and stays',
      }),
    ]);
  });

  test('says so where its set is gone', async () => {
    const { t, old, next } = await createCase();
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id });
    await database.db
      .updateTable('images')
      .set({ name: randomName('renamed') })
      .where('id', 'in', next.ids)
      .execute();
    const now = (await get(t, data.id)).data;
    expect(now.plan).toMatchObject({ allowed: false, code: 'ObjectNotFound', pairs: [] });
    expect(now.pairs).toHaveLength(2);
    await expect(apply(t, data.id)).rejects.toMatchObject({ code: 'Conflict' });
  });

  test('happens once', async () => {
    const { t, old, next } = await createCase();
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id });
    await apply(t, data.id);
    await expect(apply(t, data.id)).rejects.toMatchObject({
      code: 'UnacceptableState',
      message: expect.stringContaining('applied already'),
    });
  });

  test('expires after a day, and can be planned anew', async () => {
    const { t, old, next } = await createCase();
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id });
    const lives = Date.parse(data.planned?.expiresAt ?? '') - Date.parse(data.at);
    expect(lives).toBe(24 * 3600 * 1000);
    await sql`UPDATE replacements SET expires_at = clock_timestamp() - interval '1 second'
      WHERE id = ${data.id}`.execute(database.db);
    expect((await get(t, data.id)).data).toMatchObject({
      state: 'expired',
      plan: { allowed: false, code: 'UnacceptableState' },
    });
    await expect(apply(t, data.id)).rejects.toMatchObject({ code: 'UnacceptableState' });
    const input = { params: { replacementId: data.id }, body: {} };
    const again = await t.accountAdmin.call('replacementReplan', t.account, input);
    expect(again.data.state).toBe('planned');
    expect((await apply(t, data.id)).data.state).toBe('applied');
  });

  test('belongs to its scope', async () => {
    const { t, old, next } = await createCase();
    const { data } = await plan(t, { oldImageSet: old.id, newImageSet: next.id });
    const input = { params: { replacementId: data.id } };
    const above = await t.corporateAdmin.call('replacementGet', t.corporate, input);
    expect(above.data.plan).toMatchObject({ allowed: false, code: 'ScopeViolation' });
    expect(above.data.plan?.counts.change).toBe(2);
    for (const [at, code] of [
      [t.corporate, 'ScopeViolation'],
      [t.environment, 'ObjectNotFound'],
    ] as const)
      await expect(t.corporateAdmin.call('replacementApply', at, input)).rejects.toMatchObject({
        code,
      });
  });
});

test('after all this, everything that must be true is', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

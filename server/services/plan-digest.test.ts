import { describe, expect, test } from 'vitest';
import type { PlanItem } from '#contract/plans.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../testing/factories.ts';
import { createTenant } from '../testing/harness.ts';
import { demandPlan, digestOf } from './plan-digest.ts';

// Acting on what was shown: docs/domain.md.

const database = withDatabase();

async function createCase() {
  const t = await createTenant(database.db);
  const [a, b] = [
    await insertImage(database.db, t.account),
    await insertImage(database.db, t.account),
  ];
  const role = await insertRole(database.db, t.account, [a.id]);
  return { t, a, b, role };
}

const conflict = (difference: object) => ({ code: 'Conflict', details: { difference } });

describe('an act that names the plan that was shown', () => {
  test('replaces nothing in a role that took the image since', async () => {
    const { t, a, b, role } = await createCase();
    const input = { params: { imageId: a.id }, body: { newImage: b.id } };
    const shown = async () =>
      (await t.accountAdmin.call('imageReplacePreview', t.account, input)).data.digest;
    const before = await shown();
    const late = await insertRole(database.db, t.account, [a.id]);
    const act = (digest?: string) =>
      t.accountAdmin.call('imageReplace', t.account, { ...input, ...(digest && { digest }) });
    await expect(act(before)).rejects.toMatchObject(
      conflict({
        added: [{ type: 'role', id: late.id, name: late.name, what: 'changes' }],
        gone: [],
      }),
    );
    const rows = await database.db
      .selectFrom('role_images')
      .where('image_id', '=', b.id)
      .select('role_id')
      .execute();
    expect(rows).toEqual([]);
    // The plan that is shown now is carried out.
    const { data } = await act(await shown());
    expect(data.map(({ id }) => id)).toEqual([role.id, late.id]);
  });

  test('is carried out as things are by who names none', async () => {
    const { t, a, b, role } = await createCase();
    const input = { params: { imageId: a.id }, body: { newImage: b.id } };
    await t.accountAdmin.call('imageReplacePreview', t.account, input);
    const late = await insertRole(database.db, t.account, [a.id]);
    const { data } = await t.accountAdmin.call('imageReplace', t.account, input);
    expect(data.map(({ id }) => id)).toEqual([role.id, late.id]);
  });

  test('promotes no role with an image that came since', async () => {
    const t = await createTenant(database.db);
    const role = await insertRole(database.db, t.environment);
    const params = { roleId: String(role.id) };
    const { data } = await t.accountAdmin.call('rolePromotePreview', t.environment, { params });
    const image = await insertImage(database.db, t.environment);
    await t.accountAdmin.call('roleImageCreate', t.environment, {
      params,
      body: { image: image.id },
    });
    const input = { params, body: {}, digest: data.digest };
    await expect(t.accountAdmin.call('rolePromote', t.environment, input)).rejects.toMatchObject(
      conflict({ added: [{ type: 'image', id: image.id, name: image.name, what: 'moves' }] }),
    );
  });

  test('deprecates no image that another role took, or that was registered further down since', async () => {
    const { t, a, role } = await createCase();
    const params = { imageId: a.id };
    const shown = async () =>
      (await t.accountAdmin.call('imageDeprecatePreview', t.account, { params })).data;
    const { digest, items } = await shown();
    expect(items).toEqual([{ type: 'role', id: role.id, name: role.name, what: 'keeps it' }]);
    const late = await insertRole(database.db, t.environment, [a.id]);
    const low = await insertImage(database.db, t.environment, { cloud_image_id: a.cloud_image_id });
    const act = (named: string) =>
      t.accountAdmin.call('imageDeprecate', t.account, { params, body: {}, digest: named });
    await expect(act(digest)).rejects.toMatchObject(
      conflict({
        added: expect.arrayContaining([
          { type: 'image', id: low.id, name: low.name, what: 'is covered too' },
          { type: 'role', id: late.id, name: late.name, what: 'keeps it' },
        ]),
      }),
    );
    expect((await act((await shown()).digest)).data.deprecated).toBe(true);
  });

  test('deletes no image and no role that is used since, and says by whom', async () => {
    const { t, b, role } = await createCase();
    const image = { params: { imageId: b.id } };
    const { data: imagePlan } = await t.accountAdmin.call('imageDeletePreview', t.account, image);
    expect(imagePlan).toMatchObject({ allowed: true, items: [] });
    const user = await insertRole(database.db, t.account, [b.id]);
    await expect(
      t.accountAdmin.call('imageDelete', t.account, { ...image, digest: imagePlan.digest }),
    ).rejects.toMatchObject(
      conflict({ added: [{ type: 'role', id: user.id, name: user.name, what: 'uses it' }] }),
    );
    const params = { roleId: String(role.id) };
    const { data: rolePlan } = await t.accountAdmin.call('roleDeletePreview', t.account, {
      params,
    });
    await insertFarm(database.db, t.environment, role.id);
    await expect(
      t.accountAdmin.call('roleDelete', t.account, { params, digest: rolePlan.digest }),
    ).rejects.toMatchObject(conflict({ added: [{ type: 'farmRole', what: 'uses it' }] }));
    const { data: now } = await t.accountAdmin.call('roleDeprecatePreview', t.account, { params });
    const deprecate = { params, body: {}, digest: now.digest };
    const done = await t.accountAdmin.call('roleDeprecate', t.account, deprecate);
    expect(done.data.deprecated).toBe(true);
  });
});

test('a plan that is too large for a header is told from another one, without names', () => {
  const items = Array.from({ length: 5000 }, (_, n): PlanItem => ({
    type: 'role',
    id: n * 7919,
    name: `role-${n}`,
    what: n % 3 === 0 ? 'changes' : 'keeps the old image',
  }));
  const digest = digestOf(items);
  expect(digest.length).toBeLessThan(100);
  expect(() => demandPlan(digest, items.toReversed())).not.toThrow();
  expect(() => demandPlan(digest, items.slice(1))).toThrow(
    expect.objectContaining(conflict({ added: [], gone: [] })),
  );
});

test.each(['pnothing', 'pe30', 'p'])('%s is no digest', (digest) => {
  expect(() => demandPlan(digest, [])).toThrow(expect.objectContaining({ code: 'BadRequest' }));
});

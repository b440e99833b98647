import { describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

/** Roles at the account and in an environment on A, one canary on B, and A replaced by B. */
async function createReplacement(body: { deprecateOldImage?: boolean } = {}) {
  const t = await createTenant(database.db);
  const a = await insertImage(database.db, t.account);
  const b = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, [a.id]);
  const below = await insertRole(database.db, t.environment, [a.id]);
  const canary = await insertRole(database.db, t.account, [b.id]);
  const scope = ['account', 'environment'] as const;
  const { meta } = await t.accountAdmin.call('imageReplace', t.account, {
    params: { imageId: a.id },
    body: { newImage: b.id, scope: [...scope], reason: 'newer', ...body },
  });
  return { t, a, b, role, below, canary, id: meta?.replacement?.id ?? '' };
}

function rollBack(t: Tenant, at: ScopeRef, replacementId: string) {
  const input = { params: { replacementId }, body: { reason: 'broken' } };
  return t.corporateAdmin.call('replacementRollBack', at, input);
}

function get(t: Tenant, at: ScopeRef, replacementId: string) {
  return t.corporateAdmin.call('replacementGet', at, { params: { replacementId } });
}

async function imagesOf(...roles: { id: number }[]): Promise<(string | undefined)[]> {
  const ids = roles.map(({ id }) => id);
  const rows = await database.db
    .selectFrom('role_images')
    .where('role_id', 'in', ids)
    .select(['role_id', 'image_id'])
    .execute();
  return ids.map((id) => rows.find((row) => row.role_id === id)?.image_id);
}

async function isDeprecated(image: { id: string }): Promise<boolean> {
  const row = await database.db
    .selectFrom('images')
    .where('id', '=', image.id)
    .select('deprecated_at')
    .executeTakeFirstOrThrow();
  return row.deprecated_at !== null;
}

async function setImage(image: { id: string }, values: object): Promise<void> {
  await database.db.updateTable('images').set(values).where('id', '=', image.id).execute();
}

describe('rolling back', () => {
  test('restores the changed roles and the flag, and leaves a role that held B before', async () => {
    const { t, a, b, role, below, canary, id } = await createReplacement({
      deprecateOldImage: true,
    });
    expect(await imagesOf(role, below, canary)).toEqual([b.id, b.id, b.id]);
    const { data, meta, warnings } = await rollBack(t, t.account, id);
    expect(data.map((changed) => changed.id)).toEqual([role.id, below.id]);
    expect(meta).toEqual({ replacement: { id: expect.any(String) }, conflicts: 0 });
    expect(warnings).toEqual([]);
    expect(await imagesOf(role, below, canary)).toEqual([a.id, a.id, b.id]);
    expect(await isDeprecated(a)).toBe(false);
  });

  test('leaves roles that were edited since, and says so', async () => {
    const { t, a, role, below, id } = await createReplacement();
    const c = await insertImage(database.db, t.account);
    await t.accountAdmin.call('imageReplace', t.account, {
      params: { imageId: (await imagesOf(role))[0] ?? '' },
      body: { newImage: c.id },
    });
    const before = await get(t, t.account, id);
    expect(before.data.rollBack).toEqual({
      allowed: true,
      restore: 1,
      conflicts: 1,
      digest: expect.any(String),
    });
    const { meta, warnings } = await rollBack(t, t.account, id);
    expect(meta?.conflicts).toBe(1);
    expect(warnings).toMatchObject([
      { code: 'Conflict', message: expect.stringContaining(role.name) },
    ]);
    expect(await imagesOf(role, below)).toEqual([c.id, a.id]);
  });

  test('brings back an image that somebody else deprecated; it stays deprecated', async () => {
    const { t, a, role, id } = await createReplacement();
    await setImage(a, { deprecated_at: new Date(), deprecated_by: 'someone' });
    const { warnings } = await rollBack(t, t.account, id);
    expect(warnings.map(({ code }) => code)).toEqual(['Deprecated']);
    expect(await imagesOf(role)).toEqual([a.id]);
    expect(await isDeprecated(a)).toBe(true);
  });

  test('happens once', async () => {
    const { t, id } = await createReplacement();
    const { meta } = await rollBack(t, t.account, id);
    await expect(rollBack(t, t.account, id)).rejects.toMatchObject({
      code: 'UnacceptableState',
      message: expect.stringContaining(meta?.replacement?.id ?? 'no id'),
    });
  });

  test('can itself be rolled back, with the flag', async () => {
    const { t, a, b, role, below, canary, id } = await createReplacement({
      deprecateOldImage: true,
    });
    const { meta } = await rollBack(t, t.account, id);
    const again = await rollBack(t, t.account, meta?.replacement?.id ?? '');
    expect(await imagesOf(role, below, canary)).toEqual([b.id, b.id, b.id]);
    expect(await isDeprecated(a)).toBe(true);
    const restored = await t.viewer.call('imageGet', t.account, { params: { imageId: a.id } });
    // Not "broken", which is why the roll-backs were made.
    expect(restored.data.deprecation).toMatchObject({ reason: 'newer', replacement: { id: b.id } });
    await rollBack(t, t.account, again.meta?.replacement?.id ?? '');
    expect(await imagesOf(role, below, canary)).toEqual([a.id, a.id, b.id]);
    expect(await isDeprecated(a)).toBe(false);
  });

  test('is refused when nothing is left to restore', async () => {
    const { t, a, id } = await createReplacement();
    await setImage(a, { status: 'failed' });
    await expect(rollBack(t, t.account, id)).rejects.toMatchObject({ code: 'UnacceptableState' });
    const { data } = await get(t, t.account, id);
    expect(data.rollBack).toMatchObject({ allowed: false, code: 'UnacceptableState' });
    expect(data.roleList.map(({ outcome }) => outcome)).toEqual(['conflict', 'conflict']);
  });

  test('belongs to the scope of the replacement', async () => {
    const { t, id } = await createReplacement();
    const refused = { code: 'ScopeViolation' };
    await expect(rollBack(t, t.environment, id)).rejects.toMatchObject(refused);
    await expect(rollBack(t, t.corporate, id)).rejects.toMatchObject(refused);
    const other = await createTenant(database.db);
    await expect(rollBack(t, other.account, id)).rejects.toMatchObject({ code: 'ObjectNotFound' });
    const input = { params: { replacementId: id }, body: {} };
    const seen = await t.viewer.call('replacementGet', t.account, { params: input.params });
    expect(seen.data.rollBack).toMatchObject({ code: 'PermissionViolation', restore: 2 });
    await expect(t.viewer.call('replacementRollBack', t.account, input)).rejects.toMatchObject({
      code: 'PermissionViolation',
    });
  });

  test('leaves a role alone that was promoted beyond the replacement', async () => {
    const { t, a, b, role, below, id } = await createReplacement();
    await database.db
      .updateTable('images')
      .set({ scope: 'scalr', account_id: null })
      .where('id', 'in', [a.id, b.id])
      .execute();
    await database.db
      .updateTable('roles')
      .set({ scope: 'scalr', account_id: null })
      .where('id', '=', role.id)
      .execute();
    const { meta } = await rollBack(t, t.account, id);
    expect(meta?.conflicts).toBe(1);
    expect(await imagesOf(role, below)).toEqual([b.id, a.id]);
  });
});

describe('a replacement', () => {
  test('tells what is still on the old image, farm by farm', async () => {
    const { t, a, b, role, below, canary, id } = await createReplacement();
    const one = await insertFarm(database.db, t.environment, role.id);
    const two = await insertFarm(database.db, t.otherEnvironment, role.id);
    const three = await insertFarm(database.db, t.environment, below.id);
    const four = await insertFarm(database.db, t.environment, canary.id);
    await insertServers(database.db, one.farmRoleId, a.id, 2);
    await insertServers(database.db, one.farmRoleId, b.id, 4);
    await insertServers(database.db, one.farmRoleId, a.id, 1, 'terminated');
    await insertServers(database.db, two.farmRoleId, a.id, 3);
    await insertServers(database.db, three.farmRoleId, b.id, 1);
    // A role that the replacement did not change is not its business.
    await insertServers(database.db, four.farmRoleId, a.id, 1);
    const { data } = await get(t, t.account, id);
    expect(data).toMatchObject({ serversOnOldImage: 5, farmsOnOldImage: 2, roles: 2 });
    expect(data.farmList.map(({ id: farm, servers }) => [farm, servers])).toEqual([
      [two.farmId, 3],
      [one.farmId, 2],
    ]);
    const below2 = await get(t, t.environment, id);
    expect(below2.data).toMatchObject({ serversOnOldImage: 2, farmsOnOldImage: 1 });
    expect(data.staleServers).toBe(5);
    // Rolled back, they run the image that their role has, and nothing is left to do.
    await rollBack(t, t.account, id);
    const back = (await get(t, t.account, id)).data;
    expect(back).toMatchObject({ serversOnOldImage: 5, farmsOnOldImage: 2, staleServers: 0 });
    expect(back.roleList.map(({ now, reason }) => [now, reason])).toEqual([
      ['oldImage', `Role "${role.name}" has the old image back.`],
      ['oldImage', `Role "${below.name}" has the old image back.`],
    ]);
    const { data: usage } = await t.viewer.call('imageUsage', t.account, {
      params: { imageId: a.id },
    });
    // All of them, and the one of the canary, which the replacement did not change.
    expect(usage.servers).toMatchObject({ total: 6, stale: 1 });
  });

  test('is seen where it was made, below and above, and nowhere else', async () => {
    const { t, id } = await createReplacement();
    const other = await createTenant(database.db);
    const seenAt = async (at: ScopeRef) => {
      const { data } = await t.corporateAdmin.call('replacementList', at);
      return data.some((replacement) => replacement.id === id);
    };
    expect(await seenAt(t.account)).toBe(true);
    expect(await seenAt(t.corporate)).toBe(true);
    expect(await seenAt(t.environment)).toBe(true);
    // It changed an inherited role, which is seen here too.
    expect(await seenAt(t.otherEnvironment)).toBe(true);
    expect(await seenAt(other.account)).toBe(false);
    expect(await seenAt(other.environment)).toBe(false);
  });

  test('says the same of a role from wherever one looks', async () => {
    const { t, role, below, id } = await createReplacement();
    const outcomesAt = async (at: ScopeRef) => {
      const { data } = await get(t, at, id);
      return data.roleList.map((seen) => [seen.id, seen.outcome, seen.reason]);
    };
    const both = [role, below].map((seen) => [seen.id, 'restore', null]);
    expect(await outcomesAt(t.account)).toEqual(both);
    expect(await outcomesAt(t.corporate)).toEqual(both);
    expect(await outcomesAt(t.environment)).toEqual(both);
  });

  test('made at the Corporate scope is seen in an account as far as it changed roles there', async () => {
    const [t, other] = [await createTenant(database.db), await createTenant(database.db)];
    const a = await insertImage(database.db, t.corporate);
    const b = await insertImage(database.db, t.corporate);
    const roles = [
      await insertRole(database.db, t.account, [a.id]),
      await insertRole(database.db, other.account, [a.id]),
    ];
    const third = await createTenant(database.db);
    const { data, meta } = await t.corporateAdmin.call('imageReplace', t.corporate, {
      params: { imageId: a.id },
      body: { newImage: b.id, scope: ['scalr', 'account', 'environment'] },
    });
    expect(data).toHaveLength(roles.length);
    const id = meta?.replacement?.id ?? '';
    const seen = await get(t, t.account, id);
    expect(seen.data.roles).toBe(1);
    expect(seen.data.roleList.map((role) => role.id)).toEqual([roles[0]?.id]);
    expect(seen.data.rollBack).toMatchObject({ allowed: false, code: 'ScopeViolation' });
    await expect(get(third, third.account, id)).rejects.toMatchObject({ code: 'ObjectNotFound' });
  });

  test('is found by its images, newest first, with what rolled it back', async () => {
    const { t, a, b, id } = await createReplacement();
    const { meta } = await rollBack(t, t.account, id);
    const back = meta?.replacement?.id ?? '';
    const list = async (query: object) => {
      const answer = await t.viewer.call('replacementList', t.account, { query });
      return answer.data.map((replacement) => replacement.id);
    };
    expect(await list({})).toEqual([back, id]);
    expect(await list({ sort: 'at' })).toEqual([id, back]);
    expect(await list({ oldImage: a.id })).toEqual([id]);
    expect(await list({ newImage: a.id })).toEqual([back]);
    expect(await list({ image: b.id })).toEqual([back, id]);
    expect(await list({ rolledBack: true })).toEqual([id]);
    expect(await list({ rolledBack: false })).toEqual([back]);
    const { data } = await t.viewer.call('replacementList', t.account);
    expect(data).toMatchObject([
      { rollsBack: { id }, rolledBackBy: null, roles: 2, reason: 'broken' },
      { rollsBack: null, rolledBackBy: { id: back }, roles: 2, reason: 'newer' },
    ]);
  });

  test('is paged by cursor, bound to the filters', async () => {
    const { t, a, id } = await createReplacement();
    const { meta } = await rollBack(t, t.account, id);
    const query = { cursor: 'start', maxResults: 1 };
    const first = await t.viewer.call('replacementList', t.account, { query });
    expect(first.data.map((row) => row.id)).toEqual([meta?.replacement?.id]);
    const next = first.page?.kind === 'cursor' ? (first.page.next ?? '') : '';
    const second = await t.viewer.call('replacementList', t.account, {
      query: { ...query, cursor: next },
    });
    expect(second.data.map((row) => row.id)).toEqual([id]);
    await expect(
      t.viewer.call('replacementList', t.account, {
        query: { ...query, cursor: next, oldImage: a.id },
      }),
    ).rejects.toMatchObject({ code: 'InvalidValue' });
  });
});

test('after all this, everything that must be true is', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

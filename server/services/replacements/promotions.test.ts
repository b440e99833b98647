import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createClient, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();
let t: Tenant;

beforeEach(async () => {
  t = await createTenant(database.db);
});

const above = { account: 'account', corporate: 'scalr' } as const;

function rowOf(table: 'images' | 'roles', id: string | number) {
  return database.db
    .selectFrom(table)
    .where('id', '=', id as never)
    .select(['scope', 'account_id', 'environment_id', 'deleted_at', 'version'])
    .executeTakeFirstOrThrow();
}

async function holdings(roleId: number): Promise<string[]> {
  const rows = await database.db
    .selectFrom('role_images')
    .where('role_id', '=', roleId)
    .orderBy('cloud_location')
    .select('image_id')
    .execute();
  return rows.map((row) => row.image_id);
}

describe('promoting an image', () => {
  test('moves it one scope up with its id, visible to the whole account at once', async () => {
    const image = await insertImage(database.db, t.environment);
    const before = await t.accountAdmin.call('imagePromotePreview', t.environment, {
      params: { imageId: image.id },
    });
    expect(before.data).toMatchObject({
      allowed: true,
      from: { scope: 'environment', envId: t.environment.environmentId },
      to: { scope: 'account', accountId: t.account.accountId, envId: null },
      audience: { accounts: 1, environments: 1 },
      collisions: [],
    });
    const { data } = await t.accountAdmin.call('imagePromote', t.environment, {
      params: { imageId: image.id },
      body: {},
    });
    expect(data).toMatchObject({ id: image.id, scope: 'account', envId: null, version: 2 });
    const seen = await t.accountAdmin.call('imagePromotePreview', t.account, {
      params: { imageId: image.id },
    });
    expect(seen.data).toMatchObject({ allowed: false, code: 'PermissionViolation' });
  });

  test('takes the right to promote at both scopes', async () => {
    const image = await insertImage(database.db, t.environment);
    const input = { params: { imageId: image.id }, body: {} };
    await expect(
      t.environmentAdmin.call('imagePromote', t.environment, input),
    ).rejects.toMatchObject({ code: 'PermissionViolation' });
    const preview = await t.environmentAdmin.call('imagePromotePreview', t.environment, {
      params: { imageId: image.id },
    });
    expect(preview.data).toMatchObject({ allowed: false, code: 'PermissionViolation' });
    const manager = await createClient(database.db, 'image_manager', t.account);
    await expect(manager.call('imagePromote', t.environment, input)).rejects.toMatchObject({
      code: 'PermissionViolation',
    });
    expect(await rowOf('images', image.id)).toMatchObject({ scope: 'environment', version: 1 });
  });

  test('is refused from any scope but its own, and at the top', async () => {
    const ofAccount = await insertImage(database.db, t.account);
    const ofCorporate = await insertImage(database.db, t.corporate);
    const ofOther = await insertImage(database.db, t.otherEnvironment);
    const promote = (imageId: string, at: ScopeRef) =>
      t.corporateAdmin.call('imagePromote', at, { params: { imageId }, body: {} });
    await expect(promote(ofAccount.id, t.environment)).rejects.toMatchObject({
      code: 'ScopeViolation',
    });
    await expect(promote(ofCorporate.id, t.account)).rejects.toMatchObject({
      code: 'ScopeViolation',
      message: expect.stringContaining('Corporate scope already'),
    });
    await expect(promote(ofOther.id, t.environment)).rejects.toMatchObject({
      code: 'ObjectNotFound',
    });
    await expect(promote(ofOther.id, t.account)).rejects.toMatchObject({ code: 'ObjectNotFound' });
  });

  test('leaves registrations of the same cloud image in other environments alone', async () => {
    const image = await insertImage(database.db, t.environment);
    const same = { cloud_image_id: image.cloud_image_id };
    const other = await insertImage(database.db, t.otherEnvironment, same);
    await t.accountAdmin.call('imagePromote', t.environment, {
      params: { imageId: image.id },
      body: {},
    });
    expect(await rowOf('images', other.id)).toMatchObject({
      scope: 'environment',
      deleted_at: null,
    });
  });

  test.each(['account', 'corporate'] as const)(
    'collides with the same cloud image at %s scope, and merges into it when asked to',
    async (level) => {
      const upper = await insertImage(database.db, t[level]);
      const same = { cloud_image_id: upper.cloud_image_id };
      const image = await insertImage(database.db, t.environment, same);
      const successor = await insertImage(database.db, t.environment, {
        cloud_location: 'us-west-2',
        deprecated_at: new Date(),
        deprecated_by: 'test',
        deprecation_replacement_id: image.id,
      });
      const role = await insertRole(database.db, t.environment, [image.id]);
      const farm = await insertFarm(database.db, t.environment, role.id);
      const [server] = await insertServers(database.db, farm.farmRoleId, image.id, 2);
      const input = { params: { imageId: image.id }, body: {} };
      await expect(t.accountAdmin.call('imagePromote', t.environment, input)).rejects.toMatchObject(
        {
          code: 'UnicityViolation',
          details: { blockers: [{ type: 'image', id: upper.id, scope: above[level] }] },
        },
      );
      const preview = await t.accountAdmin.call('imagePromotePreview', t.environment, {
        params: { imageId: image.id },
      });
      expect(preview.data).toMatchObject({
        allowed: true,
        collisions: [{ id: upper.id, of: { id: image.id }, mergeable: true }],
      });
      const answer = await t.accountAdmin.call('imagePromote', t.environment, {
        ...input,
        body: { merge: true },
      });
      expect(answer.data.id).toBe(upper.id);
      expect(answer.warnings).toMatchObject([{ code: 'Merged' }]);
      expect(await holdings(role.id)).toEqual([upper.id]);
      expect((await rowOf('images', image.id)).deleted_at).not.toBeNull();
      expect((await rowOf('roles', role.id)).version).toBe(2);
      const moved = await database.db
        .selectFrom('servers')
        .where('id', '=', server ?? '')
        .select('image_id')
        .executeTakeFirst();
      expect(moved?.image_id).toBe(upper.id);
      const pointer = await database.db
        .selectFrom('images')
        .where('id', '=', successor.id)
        .select('deprecation_replacement_id')
        .executeTakeFirst();
      expect(pointer?.deprecation_replacement_id).toBe(upper.id);
    },
  );

  test.each([
    ['the one that goes', '2026-05-01T10:00:00.000Z', '2026-02-01T10:00:00.000Z'],
    ['the one that stays', '2026-02-01T10:00:00.000Z', '2026-05-01T10:00:00.000Z'],
    ['only the one that goes', '2026-05-01T10:00:00.000Z', null],
    ['only the one that stays', null, '2026-05-01T10:00:00.000Z'],
  ])('a merge remembers the last use: of %s', async (_, goneUsedAt, keptUsedAt) => {
    const upper = await insertImage(database.db, t.account, { last_used_at: keptUsedAt });
    const image = await insertImage(database.db, t.environment, {
      cloud_image_id: upper.cloud_image_id,
      last_used_at: goneUsedAt,
    });
    const { data } = await t.accountAdmin.call('imagePromote', t.environment, {
      params: { imageId: image.id },
      body: { merge: true },
    });
    expect(data.id).toBe(upper.id);
    // What it is at its own scope: below, each sees its own use of it.
    const kept = await t.accountAdmin.call('imageGet', t.account, {
      params: { imageId: upper.id },
    });
    expect(kept.data.lastUsed).toBe('2026-05-01T10:00:00.000Z');
  });

  test('lets history and replacements tell the same story after a merge', async () => {
    const upper = await insertImage(database.db, t.account);
    const image = await insertImage(database.db, t.environment, {
      cloud_image_id: upper.cloud_image_id,
    });
    const [first, last] = [
      await insertImage(database.db, t.environment),
      await insertImage(database.db, t.environment),
    ];
    const role = await insertRole(database.db, t.environment);
    const put = (body: { image: { id: string } }, old?: string) =>
      old === undefined
        ? t.environmentAdmin.call('roleImageCreate', t.environment, {
            params: { roleId: String(role.id) },
            body,
          })
        : t.environmentAdmin.call('roleImageReplace', t.environment, {
            params: { roleId: String(role.id), imageId: old },
            body,
          });
    await put({ image: { id: first.id } });
    await put({ image: { id: image.id } }, first.id);
    await put({ image: { id: upper.id } }, image.id);
    await put({ image: { id: last.id } }, upper.id);
    await t.accountAdmin.call('imagePromote', t.environment, {
      params: { imageId: image.id },
      body: { merge: true },
    });
    const history = await database.db
      .selectFrom('role_image_history')
      .where('role_id', '=', role.id)
      .orderBy('id')
      .select(['old_image_id', 'new_image_id'])
      .execute();
    expect(history.map((row) => [row.old_image_id, row.new_image_id])).toEqual([
      [null, first.id],
      [first.id, upper.id],
      [upper.id, upper.id],
      [upper.id, last.id],
    ]);
  });

  test.each([
    ['is deprecated', { deprecated_at: sql<Date>`clock_timestamp()`, deprecated_by: 'test' }],
    ['failed', { status: 'failed' as const }],
    ['has another OS than a role that would get it', { os_id: 'ubuntu-22-04' }],
  ])('cannot merge into a registration that %s', async (_, values) => {
    const upper = await insertImage(database.db, t.account);
    const image = await insertImage(database.db, t.environment, {
      cloud_image_id: upper.cloud_image_id,
    });
    const role = await insertRole(database.db, t.environment, [image.id]);
    await database.db.updateTable('images').set(values).where('id', '=', upper.id).execute();
    await expect(
      t.accountAdmin.call('imagePromote', t.environment, {
        params: { imageId: image.id },
        body: { merge: true },
      }),
    ).rejects.toMatchObject({ code: 'UnicityViolation' });
    expect(await holdings(role.id)).toEqual([image.id]);
  });

  test('is refused while the successor of a deprecated image would stay out of sight', async () => {
    const successor = await insertImage(database.db, t.environment);
    const image = await insertImage(database.db, t.environment, {
      deprecated_at: new Date(),
      deprecated_by: 'test',
      deprecation_replacement_id: successor.id,
    });
    const input = { params: { imageId: image.id }, body: {} };
    await expect(t.accountAdmin.call('imagePromote', t.environment, input)).rejects.toMatchObject({
      code: 'UnacceptableState',
      message: expect.stringContaining(successor.name),
    });
    await t.accountAdmin.call('imagePromote', t.environment, {
      params: { imageId: successor.id },
      body: {},
    });
    const { data } = await t.accountAdmin.call('imagePromote', t.environment, input);
    expect(data).toMatchObject({ scope: 'account', deprecated: true });
  });

  test('notices that it changed since it was looked at', async () => {
    const image = await insertImage(database.db, t.environment);
    await expect(
      t.accountAdmin.call('imagePromote', t.environment, {
        params: { imageId: image.id },
        body: {},
        ifMatch: 7,
      }),
    ).rejects.toMatchObject({ code: 'PreconditionFailed' });
  });
});

describe('promoting a role', () => {
  test('brings the images of its own scope along, over both hops', async () => {
    const own = await insertImage(database.db, t.environment);
    const inherited = await insertImage(database.db, t.account, { cloud_location: 'us-west-2' });
    const role = await insertRole(database.db, t.environment, [own.id, inherited.id]);
    const farm = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farm.farmRoleId, own.id, 1);
    const params = { roleId: String(role.id) };
    const preview = await t.accountAdmin.call('rolePromotePreview', t.environment, { params });
    expect(preview.data.images.map((image) => image.id)).toEqual([own.id]);
    const { data } = await t.accountAdmin.call('rolePromote', t.environment, { params, body: {} });
    expect(data).toMatchObject({ id: role.id, scope: 'account', envId: null });
    expect(await rowOf('images', own.id)).toMatchObject({ scope: 'account' });

    await expect(
      t.accountAdmin.call('rolePromote', t.account, { params, body: {} }),
    ).rejects.toMatchObject({ code: 'PermissionViolation' });
    const top = await t.corporateAdmin.call('rolePromote', t.account, { params, body: {} });
    expect(top.data).toMatchObject({ id: role.id, scope: 'scalr', accountId: null });
    expect(await rowOf('images', own.id)).toMatchObject({ scope: 'scalr', account_id: null });
    expect(await rowOf('images', inherited.id)).toMatchObject({ scope: 'scalr' });
    expect(await holdings(role.id)).toEqual([own.id, inherited.id]);
  });

  test('is refused when its name is taken: above, or to an account in another environment', async () => {
    for (const at of [t.account, t.corporate, t.otherEnvironment]) {
      const name = randomName('base');
      const role = await insertRole(database.db, t.environment, [], { name });
      const clash = await insertRole(database.db, at, [], { name });
      const params = { roleId: String(role.id) };
      await expect(
        t.accountAdmin.call('rolePromote', t.environment, { params, body: { merge: true } }),
      ).rejects.toMatchObject({
        code: 'UnicityViolation',
        details: { blockers: [{ type: 'role', id: clash.id, scope: at.scope }] },
      });
      const preview = await t.accountAdmin.call('rolePromotePreview', t.environment, { params });
      expect(preview.data).toMatchObject({
        allowed: false,
        code: 'UnicityViolation',
        collisions: [{ id: clash.id, mergeable: false }],
      });
      // A name in an environment that the caller does not see is not given away.
      const narrow = await t.environmentAdmin.call('rolePromotePreview', t.environment, { params });
      expect(narrow.data.collisions).toHaveLength(at === t.otherEnvironment ? 0 : 1);
      await database.db
        .updateTable('roles')
        .set({ deleted_at: new Date() })
        .where('id', '=', clash.id)
        .execute();
    }
  });

  test('does not look at names below Corporate on its way there', async () => {
    const other = await createTenant(database.db);
    const role = await insertRole(database.db, t.account);
    await insertRole(database.db, other.account, [], { name: role.name });
    const { data } = await t.corporateAdmin.call('rolePromote', t.account, {
      params: { roleId: String(role.id) },
      body: {},
    });
    expect(data.scope).toBe('scalr');
  });

  test('merges colliding images only when asked to, and moves the others', async () => {
    const upper = await insertImage(database.db, t.account);
    const lower = await insertImage(database.db, t.environment, {
      cloud_image_id: upper.cloud_image_id,
    });
    const free = await insertImage(database.db, t.environment, { cloud_location: 'us-west-2' });
    const role = await insertRole(database.db, t.environment, [lower.id, free.id]);
    const neighbour = await insertRole(database.db, t.environment, [lower.id]);
    const params = { roleId: String(role.id) };
    await expect(
      t.accountAdmin.call('rolePromote', t.environment, { params, body: {} }),
    ).rejects.toMatchObject({ code: 'UnicityViolation' });
    expect(await rowOf('roles', role.id)).toMatchObject({ scope: 'environment' });
    await t.accountAdmin.call('rolePromote', t.environment, { params, body: { merge: true } });
    expect(await holdings(role.id)).toEqual([upper.id, free.id]);
    expect(await holdings(neighbour.id)).toEqual([upper.id]);
    expect(await rowOf('images', free.id)).toMatchObject({ scope: 'account' });
  });

  test('takes the category of the same name along, or asks for another one', async () => {
    const category = (at: ScopeRef & { scope: 'environment' | 'account' }, name: string) =>
      database.db
        .insertInto('role_categories')
        .values({
          name,
          scope: at.scope,
          account_id: at.accountId,
          environment_id: at.scope === 'environment' ? at.environmentId : null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
    const below = await category(t.environment, 'Payments');
    const role = await insertRole(database.db, t.environment, [], { category_id: below.id });
    const params = { roleId: String(role.id) };
    await expect(
      t.accountAdmin.call('rolePromote', t.environment, { params, body: {} }),
    ).rejects.toMatchObject({
      code: 'UnacceptableState',
      message: expect.stringContaining('Payments'),
    });
    const there = await category(t.account, 'Payments');
    const answer = await t.accountAdmin.call('rolePromote', t.environment, { params, body: {} });
    expect(answer.data.category.id).toBe(there.id);
    expect(answer.warnings).toMatchObject([{ code: 'CategoryChanged' }]);
  });
});

test('leaves every invariant true', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

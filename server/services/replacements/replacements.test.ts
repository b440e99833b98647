import { describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';
import { captureStatements } from '../../testing/statements.ts';

const database = withDatabase();

/** A tenant with an old and a new image at its account. */
async function createCase() {
  const t = await createTenant(database.db);
  const a = await insertImage(database.db, t.account);
  const b = await insertImage(database.db, t.account);
  return { t, a, b };
}

const all = ['account', 'environment'] as const;

/** The image of each role, where it has one on EC2 in us-east-1. */
async function imagesOf(roleIds: number[]): Promise<(string | undefined)[]> {
  const rows = await database.db
    .selectFrom('role_images')
    .where('role_id', 'in', roleIds)
    .select(['role_id', 'image_id'])
    .execute();
  return roleIds.map((id) => rows.find((row) => row.role_id === id)?.image_id);
}

async function deprecationOf(id: string) {
  return database.db
    .selectFrom('images')
    .where('id', '=', id)
    .select(['deprecated_at', 'deprecation_reason', 'deprecation_replacement_id', 'version'])
    .executeTakeFirstOrThrow();
}

async function setImage(id: string, values: object): Promise<void> {
  await database.db.updateTable('images').set(values).where('id', '=', id).execute();
}

function replace(
  t: Tenant,
  at: ScopeRef,
  imageId: string,
  body: { newImage: string } & Record<string, unknown>,
) {
  return t.corporateAdmin.call('imageReplace', at, { params: { imageId }, body });
}

describe('replacing an image', () => {
  test('changes the roles of the own scope only, and names them', async () => {
    const { t, a, b } = await createCase();
    const own = await insertRole(database.db, t.account, [a.id]);
    const below = await insertRole(database.db, t.environment, [a.id]);
    const other = await insertRole(database.db, t.account, [b.id]);
    const { data, meta } = await replace(t, t.account, a.id, { newImage: b.id });
    expect(data).toEqual([
      { id: own.id, scope: 'account', accountId: t.account.accountId, envId: null },
    ]);
    expect(meta).toEqual({
      replacement: { id: expect.any(String) },
      outsideReach: { roles: 1 },
      otherRegistrations: { roles: 0 },
    });
    expect(await imagesOf([own.id, below.id, other.id])).toEqual([b.id, a.id, b.id]);
  });

  test('reaches every environment of the account when asked, and no other account', async () => {
    const { t, b } = await createCase();
    const other = await createTenant(database.db);
    const a = await insertImage(database.db, t.corporate);
    const changed = await Promise.all(
      [t.account, t.environment, t.otherEnvironment].map((at) =>
        insertRole(database.db, at, [a.id]),
      ),
    );
    const kept = await Promise.all(
      [other.account, other.environment].map((at) => insertRole(database.db, at, [a.id])),
    );
    const corporate = await insertRole(database.db, t.corporate, [a.id]);
    const answer = await replace(t, t.account, a.id, { newImage: b.id, scope: [...all] });
    expect(answer.data.map(({ id }) => id)).toEqual(
      changed.map(({ id }) => id).toSorted((x, y) => x - y),
    );
    expect(answer.warnings.map(({ code }) => code)).toEqual(['InheritedRoles']);
    expect(answer.meta?.outsideReach).toEqual({ roles: 0 });
    const ids = [...kept, corporate].map(({ id }) => id);
    expect(await imagesOf(ids)).toEqual([a.id, a.id, a.id]);
  });

  test('from the Corporate scope reaches everything below it', async () => {
    const { t } = await createCase();
    const [a, b] = [
      await insertImage(database.db, t.corporate),
      await insertImage(database.db, t.corporate),
    ];
    const roles = await Promise.all(
      [t.corporate, t.account, t.environment].map((at) => insertRole(database.db, at, [a.id])),
    );
    const scope = ['environment', 'scalr', 'account'] as const;
    await replace(t, t.corporate, a.id, { newImage: b.id, scope: [...scope] });
    expect(await imagesOf(roles.map(({ id }) => id))).toEqual([b.id, b.id, b.id]);
  });

  test('is refused with a field for a reach that cannot be', async () => {
    const { t, a, b } = await createCase();
    for (const scope of [['environment'], ['scalr'], ['scalr', 'account']] as const)
      await expect(
        replace(t, t.account, a.id, { newImage: b.id, scope: [...scope] }),
      ).rejects.toMatchObject({ code: 'InvalidValue', details: { field: 'scope' } });
  });

  test('deprecates the old image, with a reason and the new one as successor', async () => {
    const { t, a, b } = await createCase();
    await insertRole(database.db, t.account, [a.id]);
    const body = { newImage: b.id, deprecateOldImage: true, reason: 'CVE-2026-1' };
    await replace(t, t.account, a.id, body);
    expect(await deprecationOf(a.id)).toEqual({
      deprecated_at: expect.any(Date),
      deprecation_reason: 'CVE-2026-1',
      deprecation_replacement_id: b.id,
      version: 2,
    });
  });

  test('of a higher scope cannot deprecate it, and then changes nothing', async () => {
    const { t, b } = await createCase();
    const a = await insertImage(database.db, t.corporate);
    const role = await insertRole(database.db, t.account, [a.id]);
    const body = { newImage: b.id, deprecateOldImage: true };
    await expect(replace(t, t.account, a.id, body)).rejects.toMatchObject({
      code: 'ScopeViolation',
    });
    expect(await imagesOf([role.id])).toEqual([a.id]);
    expect((await deprecationOf(a.id)).deprecated_at).toBeNull();
  });

  test('that no role uses answers an empty list with a warning, and still deprecates', async () => {
    const { t, a, b } = await createCase();
    const quiet = await replace(t, t.account, a.id, { newImage: b.id });
    expect(quiet.data).toEqual([]);
    expect(quiet.warnings.map(({ code }) => code)).toEqual(['NothingToReplace']);
    const done = await replace(t, t.account, a.id, { newImage: b.id, deprecateOldImage: true });
    expect(done.meta?.replacement).toBeNull();
    expect((await deprecationOf(a.id)).deprecation_replacement_id).toBe(b.id);
  });

  test('is all or nothing: one role that cannot change keeps all as they are', async () => {
    const { t, a, b } = await createCase();
    await setImage(b.id, { scalr_agent_installed: false });
    const fits = await insertRole(database.db, t.account, [a.id], { use_scalr_agent: false });
    const misfit = await insertRole(database.db, t.account, [a.id]);
    await expect(replace(t, t.account, a.id, { newImage: b.id })).rejects.toMatchObject({
      code: 'UnacceptableImageStatus',
      details: { blockers: [{ type: 'role', id: misfit.id, name: misfit.name }] },
    });
    expect(await imagesOf([fits.id, misfit.id])).toEqual([a.id, a.id]);
    const done = await replace(t, t.account, a.id, { newImage: b.id, onIncompatible: 'skip' });
    expect(done.data.map(({ id }) => id)).toEqual([fits.id]);
    expect(done.warnings).toHaveLength(1);
    expect(await imagesOf([fits.id, misfit.id])).toEqual([b.id, a.id]);
  });

  test('by an invisible one is not found, whether it exists or not', async () => {
    const { t, a } = await createCase();
    const other = await createCase();
    const below = await insertImage(database.db, t.environment);
    const gone = await insertImage(database.db, t.account, { deleted_at: new Date() });
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const newImage of [other.b.id, below.id, gone.id, unknown])
      await expect(replace(t, t.account, a.id, { newImage })).rejects.toMatchObject({
        code: 'ObjectNotFound',
        details: { field: 'newImage.id' },
      });
    const invisible = replace(t, t.account, other.a.id, { newImage: a.id });
    await expect(invisible).rejects.toMatchObject({ code: 'ObjectNotFound' });
  });

  test('needs the right to replace at the scope', async () => {
    const { t, a, b } = await createCase();
    const input = { params: { imageId: a.id }, body: { newImage: b.id } };
    const refused = { code: 'PermissionViolation' };
    await expect(t.viewer.call('imageReplace', t.account, input)).rejects.toMatchObject(refused);
    await expect(t.environmentAdmin.call('imageReplace', t.account, input)).rejects.toMatchObject({
      code: 'ObjectNotFound',
    });
  });

  test('in an environment never touches roles of the account', async () => {
    const { t, a, b } = await createCase();
    const above = await insertRole(database.db, t.account, [a.id]);
    const own = await insertRole(database.db, t.environment, [a.id]);
    const input = { params: { imageId: a.id }, body: { newImage: b.id } };
    const { data } = await t.environmentAdmin.call('imageReplace', t.environment, input);
    expect(data.map(({ id }) => id)).toEqual([own.id]);
    expect(await imagesOf([above.id, own.id])).toEqual([a.id, b.id]);
  });

  test('is refused when the image changed since the page was loaded', async () => {
    const { t, a, b } = await createCase();
    const input = { params: { imageId: a.id }, body: { newImage: b.id }, ifMatch: 7 };
    await expect(t.accountAdmin.call('imageReplace', t.account, input)).rejects.toMatchObject({
      code: 'PreconditionFailed',
    });
  });

  test('leaves one entry in the operations log', async () => {
    const { t, a, b } = await createCase();
    const role = await insertRole(database.db, t.account, [a.id]);
    const { requestId, meta } = await replace(t, t.account, a.id, {
      newImage: b.id,
      reason: 'why',
      deprecateOldImage: true,
    });
    const id = meta?.replacement?.id;
    const { data } = await t.viewer.call('replacementList', t.account, { query: { image: a.id } });
    const {
      serversOnOldImage: _s,
      staleServers: _o,
      farmsOnOldImage: _f,
      ...shown
    } = data[0] ?? {};
    const link = { role: { id: role.id } };
    const rows = await database.db
      .selectFrom('operations_log')
      .where('request_id', '=', requestId)
      .selectAll()
      .execute();
    expect(rows).toMatchObject([
      {
        object: `replacement:${id}`,
        reason: 'why',
        before: null,
        // What is answered for it from then on, with links as ids.
        after: {
          ...shown,
          oldImage: { id: a.id },
          newImage: { id: b.id },
          pairs: [
            { oldImage: { id: a.id }, newImage: { id: b.id }, deprecatedOldImage: true, roles: 1 },
          ],
        },
        others: [
          {
            object: `roleImage:${role.id}/${a.id}`,
            before: { ...link, image: { id: a.id } },
            after: { ...link, image: { id: b.id } },
          },
          {
            object: `image:${a.id}`,
            before: { deprecated: false, deprecation: null, version: 1 },
            after: {
              deprecated: true,
              deprecation: { reason: 'why', replacement: { id: b.id } },
              version: 2,
            },
          },
        ],
      },
    ]);
  });
});

describe('the roll-back by hand', () => {
  test('may bring back a deprecated image where it was before; it stays deprecated', async () => {
    const { t, a, b } = await createCase();
    const role = await insertRole(database.db, t.account, [a.id]);
    await replace(t, t.account, a.id, { newImage: b.id, deprecateOldImage: true });
    const back = await replace(t, t.account, b.id, { newImage: a.id, deprecateOldImage: true });
    expect(back.warnings.map(({ code }) => code)).toEqual(['Deprecated']);
    expect(await imagesOf([role.id])).toEqual([a.id]);
    expect((await deprecationOf(a.id)).deprecated_at).not.toBeNull();
    // A deprecated image is never recommended: the two do not recommend each other.
    expect((await deprecationOf(b.id)).deprecation_replacement_id).toBeNull();
  });

  test('is refused when a role would newly get the deprecated image', async () => {
    const { t, a, b } = await createCase();
    await insertRole(database.db, t.account, [a.id]);
    const canary = await insertRole(database.db, t.account, [b.id]);
    await replace(t, t.account, a.id, { newImage: b.id, deprecateOldImage: true });
    await expect(replace(t, t.account, b.id, { newImage: a.id })).rejects.toMatchObject({
      code: 'Deprecated',
      details: { blockers: [{ id: canary.id }] },
    });
  });
});

describe('the preview', () => {
  async function createFleet() {
    const { t, a, b } = await createCase();
    const role = await insertRole(database.db, t.account, [a.id]);
    const { farmId, farmRoleId } = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farmRoleId, a.id, 3);
    await insertServers(database.db, farmRoleId, a.id, 1, 'suspended');
    await insertServers(database.db, farmRoleId, a.id, 2, 'pending_terminate');
    await insertServers(database.db, farmRoleId, a.id, 2, 'terminated');
    await insertServers(database.db, farmRoleId, b.id, 5);
    return { t, a, b, role, farmId, farmRoleId };
  }

  test('says which roles change and which farms stay on the old image', async () => {
    const { t, a, b, role, farmId } = await createFleet();
    const outside = await insertRole(database.db, t.environment, [a.id]);
    const input = { params: { imageId: a.id }, body: { newImage: b.id } };
    const { data } = await t.accountAdmin.call('imageReplacePreview', t.account, input);
    expect(data).toMatchObject({
      allowed: true,
      reach: ['account'],
      oldImage: { id: a.id },
      newImage: { id: b.id },
      roles: [{ id: role.id, outcome: 'change', farms: 1, servers: 4 }],
      farms: [{ id: farmId, servers: 4, envId: t.environment.environmentId }],
      counts: { change: 1, skip: 0, farms: 1, servers: 4 },
      outsideReach: { roles: 1 },
      deprecateOldImage: { allowed: true },
      returnsToEarlierImage: false,
    });
    expect(await imagesOf([role.id, outside.id])).toEqual([a.id, a.id]);
  });

  test('counts no server as staying when both are the same cloud image', async () => {
    const { t, a, farmRoleId } = await createFleet();
    const twin = await insertImage(database.db, t.corporate, {
      cloud_image_id: a.cloud_image_id,
    });
    await insertServers(database.db, farmRoleId, twin.id, 1);
    const input = { params: { imageId: a.id }, body: { newImage: twin.id } };
    const { data } = await t.accountAdmin.call('imageReplacePreview', t.account, input);
    expect(data.counts).toEqual({ change: 1, skip: 0, farms: 0, servers: 0 });
    // The servers of the role are counted by cloud image, whichever registration they started from.
    expect(data.roles).toMatchObject([{ farms: 1, servers: 5 }]);
  });

  test('explains a refusal instead of failing, also to who may only look', async () => {
    const { t, a, b, role } = await createFleet();
    const input = { params: { imageId: a.id }, body: { newImage: b.id } };
    const looked = await t.viewer.call('imageReplacePreview', t.account, input);
    expect(looked.data).toMatchObject({
      allowed: false,
      code: 'PermissionViolation',
      counts: { change: 1 },
    });
    await setImage(b.id, { status: 'failed' });
    const failed = await t.accountAdmin.call('imageReplacePreview', t.account, input);
    expect(failed.data).toMatchObject({
      allowed: false,
      code: 'UnacceptableImageStatus',
      roles: [{ id: role.id, outcome: 'skip', code: 'UnacceptableImageStatus' }],
      counts: { change: 0, skip: 1, farms: 0, servers: 0 },
    });
  });

  test('fails for what cannot be seen or asked', async () => {
    const { t, a } = await createCase();
    const other = await createCase();
    const call = (body: { newImage: string; scope?: ['scalr'] }) =>
      t.accountAdmin.call('imageReplacePreview', t.account, { params: { imageId: a.id }, body });
    await expect(call({ newImage: other.b.id })).rejects.toMatchObject({
      code: 'ObjectNotFound',
    });
    await expect(call({ newImage: a.id, scope: ['scalr'] })).rejects.toMatchObject({
      code: 'InvalidValue',
    });
  });
});

// How long it takes is measured on a quiet machine: docs/performance.md.
test('a thousand roles are replaced with as many statements as one', async () => {
  const { t, a, b } = await createCase();
  await insertRole(database.db, t.account, [a.id]);
  const countStatements = async (roles: number, from: string, newImage: string) => {
    const work = async () =>
      expect((await replace(t, t.account, from, { newImage })).data).toHaveLength(roles);
    return (await captureStatements(work, { keep: true })).length;
  };
  const forOne = await countStatements(1, a.id, b.id);
  await insertRolesWith(t, b.id, 999);
  expect(await countStatements(1000, b.id, a.id)).toBe(forOne);
});

async function insertRolesWith(t: Tenant, imageId: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    name: `bulk-${t.account.accountId}-${index}`,
    scope: 'account' as const,
    account_id: t.account.accountId,
    category_id: 1,
    os_id: 'ubuntu-24-04',
    created_by: 'test',
  }));
  const roles = await database.db.insertInto('roles').values(rows).returning('id').execute();
  await database.db
    .insertInto('role_images')
    .values(
      roles.map(({ id }) => ({
        role_id: id,
        image_id: imageId,
        cloud_platform: 'ec2',
        cloud_location: 'us-east-1',
        added_by: 'test',
      })),
    )
    .execute();
}

test('after all this, everything that must be true is', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { cloudDeletionKind } from '../../database/queries/images/image-changes.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

function remove(t: Tenant, at: ScopeRef, imageId: string, deleteFromCloud?: boolean) {
  const query = deleteFromCloud === undefined ? {} : { deleteFromCloud: String(deleteFromCloud) };
  return t.corporateAdmin.call('imageDelete', at, {
    params: { imageId },
    query: query as { deleteFromCloud?: 'true' | 'false' },
  });
}

async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('was not refused', { cause: error });
  return error;
}

async function rowOf(id: string) {
  return database.db
    .selectFrom('images')
    .where('id', '=', id)
    .select(['status', 'deleted_at', 'version'])
    .executeTakeFirstOrThrow();
}

async function jobsOf(id: string) {
  const jobs = await database.db
    .selectFrom('outbox')
    .where('kind', '=', cloudDeletionKind)
    .select(['payload', 'done_at'])
    .execute();
  return jobs.filter((job) => (job.payload as { imageId: string }).imageId === id);
}

describe('an image that nothing uses', () => {
  test.each([undefined, false])('is deleted at once with deleteFromCloud=%s', async (fromCloud) => {
    const t = await createTenant(database.db);
    for (const at of [t.corporate, t.account, t.environment]) {
      const { id, name } = await insertImage(database.db, at);
      const list = async () => {
        const query = { name, include: 'total' } as const;
        const { data, page } = await t.corporateAdmin.call('imageList', at, { query });
        return { ids: data.map((image) => image.id), total: page?.total };
      };
      expect(await list()).toEqual({ ids: [id], total: 1 });
      const answer = await remove(t, at, id, fromCloud);
      expect(await list()).toEqual({ ids: [], total: 0 });
      expect(answer).toMatchObject({ data: null, status: 200 });
      expect((await rowOf(id)).deleted_at).not.toBeNull();
      expect(await jobsOf(id)).toEqual([]);
      await expect(remove(t, at, id)).rejects.toMatchObject({ code: 'ObjectNotFound' });
    }
  });

  test('waits for its cloud with deleteFromCloud=true, and cannot be deleted twice', async () => {
    const t = await createTenant(database.db);
    const { id } = await insertImage(database.db, t.environment);
    expect((await remove(t, t.environment, id, true)).status).toBe(202);
    expect(await rowOf(id)).toMatchObject({ status: 'pending_delete', deleted_at: null });
    expect(await jobsOf(id)).toMatchObject([{ done_at: null }]);
    for (const fromCloud of [true, false])
      await expect(remove(t, t.environment, id, fromCloud)).rejects.toMatchObject({
        code: 'UnacceptableImageStatus',
      });
  });

  test('is deleted from its cloud by an environment only', async () => {
    const t = await createTenant(database.db);
    for (const at of [t.corporate, t.account]) {
      const { id } = await insertImage(database.db, at);
      await expect(remove(t, at, id, true)).rejects.toMatchObject({
        code: 'InvalidValue',
        details: { field: 'deleteFromCloud' },
      });
      expect(await rowOf(id)).toMatchObject({ status: 'active', deleted_at: null });
    }
  });

  test('that failed to be deleted can be deleted again, from the cloud or without', async () => {
    const t = await createTenant(database.db);
    for (const fromCloud of [true, false]) {
      const { id } = await insertImage(database.db, t.environment, {
        status: 'failed',
        status_error: 'no such bucket',
      });
      await remove(t, t.environment, id, fromCloud);
    }
  });

  test('changed since the client looked is not deleted', async () => {
    const t = await createTenant(database.db);
    const { id } = await insertImage(database.db, t.account, { version: 2 });
    const input = { params: { imageId: id }, ifMatch: 1 };
    await expect(t.accountAdmin.call('imageDelete', t.account, input)).rejects.toMatchObject({
      code: 'PreconditionFailed',
    });
  });

  test('hands its recommendation on to the images that recommended it', async () => {
    const t = await createTenant(database.db);
    const [first, second, third] = await Promise.all([
      insertImage(database.db, t.account),
      insertImage(database.db, t.account),
      insertImage(database.db, t.account),
    ]);
    const deprecate = (imageId: string, replacement: string) =>
      t.accountAdmin.call('imageDeprecate', t.account, {
        params: { imageId },
        body: { replacement },
      });
    const recommended = async () => {
      const input = { params: { imageId: first.id } };
      return (await t.accountAdmin.call('imageGet', t.account, input)).data.deprecation
        ?.replacement;
    };
    await deprecate(first.id, second.id);
    await deprecate(second.id, third.id);
    await remove(t, t.account, second.id);
    expect(await recommended()).toEqual({ id: third.id, name: third.name });
    await remove(t, t.account, third.id);
    expect(await recommended()).toBeNull();
  });
});

describe('an image that is used', () => {
  test.each(['running', 'suspended', 'pending_terminate'] as const)(
    'is refused for a server that is %s, although no role holds it',
    async (status) => {
      const t = await createTenant(database.db);
      const old = await insertImage(database.db, t.account);
      const current = await insertImage(database.db, t.account);
      const role = await insertRole(database.db, t.account, [current.id]);
      const { farmId, farmRoleId } = await insertFarm(database.db, t.environment, role.id);
      const [server] = await insertServers(database.db, farmRoleId, old.id, 1, status);
      const error = await refusal(remove(t, t.account, old.id));
      expect(error).toMatchObject({
        code: 'ObjectInUse',
        message: expect.stringMatching(/1 server/),
      });
      expect(error.details.blockers).toMatchObject([{ type: 'server', id: server, farmId }]);
    },
  );

  test('is not refused for servers that have ended', async () => {
    const t = await createTenant(database.db);
    const old = await insertImage(database.db, t.account);
    const current = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.account, [current.id]);
    const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farmRoleId, old.id, 2, 'terminated');
    await expect(remove(t, t.account, old.id)).resolves.toMatchObject({ status: 200 });
  });

  test('is refused with every role, farm role and server that stands in the way, at every scope below', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.account, [image.id]);
    const below = await insertRole(database.db, t.otherEnvironment, [image.id]);
    const farm = await insertFarm(database.db, t.environment, role.id);
    const [server] = await insertServers(database.db, farm.farmRoleId, image.id, 1);
    const error = await refusal(remove(t, t.account, image.id));
    expect(error.message).toMatch(/2 roles and 1 server/);
    const named = error.details.blockers?.map(({ type, id }) => `${type} ${id}`);
    expect(named?.sort()).toEqual(
      [
        `role ${role.id}`,
        `role ${below.id}`,
        `farmRole ${farm.farmRoleId}`,
        `server ${server}`,
      ].sort(),
    );
    expect(await rowOf(image.id)).toMatchObject({ deleted_at: null, version: 1 });
  });

  test('is shown with what stands in the way before it is tried, by farm and scope', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.account, [image.id]);
    const { farmId } = await insertFarm(database.db, t.environment, role.id);
    const nameOf = (table: 'farms' | 'environments' | 'accounts', id: number) =>
      database.db.selectFrom(table).where('id', '=', id).select('name').executeTakeFirstOrThrow();
    const farm = await nameOf('farms', farmId);
    const environment = await nameOf('environments', t.environment.environmentId);
    const account = await nameOf('accounts', t.account.accountId);
    const params = { imageId: image.id };
    const { data } = await t.corporateAdmin.call('imageDeletePreview', t.account, { params });
    const { details } = await refusal(remove(t, t.account, image.id));
    expect(data).toMatchObject({ allowed: false, blockers: details.blockers });
    expect(data.blockers).toMatchObject([
      { type: 'role', scope: 'account', scopeName: account.name },
      { type: 'farmRole', farmName: farm.name, scope: 'environment', scopeName: environment.name },
    ]);
    const ofRole = { params: { roleId: String(role.id) } };
    const { data: plan } = await t.corporateAdmin.call('roleDeletePreview', t.account, ofRole);
    expect(plan).toMatchObject({
      allowed: false,
      blockers: [{ type: 'farmRole', farmName: farm.name, scopeName: environment.name }],
    });
  });

  test('names a hundred of a kind and counts the others', async () => {
    const t = await createTenant(database.db);
    const image = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.account, [image.id]);
    const { farmRoleId } = await insertFarm(database.db, t.environment, role.id);
    await insertServers(database.db, farmRoleId, image.id, 103);
    const error = await refusal(remove(t, t.account, image.id));
    const servers = error.details.blockers?.filter(({ type }) => type === 'server');
    expect(servers).toHaveLength(101);
    expect(servers?.at(-1)).toEqual({ type: 'server', count: 3 });
  });
});

test('a machine image is not deleted while it is registered elsewhere; who may not see where learns how often', async () => {
  const t = await createTenant(database.db);
  const stranger = await createTenant(database.db);
  const cloud_image_id = randomName('ami');
  const { id } = await insertImage(database.db, t.environment, { cloud_image_id });
  const above = await insertImage(database.db, t.account, { cloud_image_id });
  await insertImage(database.db, t.otherEnvironment, { cloud_image_id });
  await insertImage(database.db, stranger.account, { cloud_image_id });
  const input = { params: { imageId: id }, query: { deleteFromCloud: 'true' } } as const;
  const error = await refusal(t.environmentAdmin.call('imageDelete', t.environment, input));
  expect(error).toMatchObject({
    code: 'ObjectInUse',
    message: expect.stringMatching(/3 more times/),
  });
  expect(error.details.blockers).toMatchObject([
    { type: 'image', id: above.id },
    { type: 'hidden', scope: 'account', count: 1 },
    { type: 'hidden', scope: 'environment', count: 1 },
  ]);
  await remove(t, t.environment, id, false);
});

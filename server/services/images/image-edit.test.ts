import { describe, expect, test } from 'vitest';
import { withDatabase } from '../../testing/database.ts';
import { insertImage } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

function registration() {
  return {
    name: 'nginx-1-9-15',
    cloudPlatform: 'ec2' as const,
    cloudLocation: 'us-east-1',
    cloudImageId: randomName('ami'),
    os: { id: 'ubuntu-24-04' },
    architecture: 'x86_64' as const,
  };
}

async function logOf(imageId: string) {
  return database.db
    .selectFrom('operations_log')
    .where('object', '=', `image:${imageId}`)
    .orderBy('at')
    .select(['operation', 'actor', 'before', 'after', 'reason'])
    .execute();
}

describe('registering', () => {
  test('a new image belongs to the scope of the request and has the documented defaults', async () => {
    const t = await createTenant(database.db);
    const { data } = await t.environmentAdmin.call('imageCreate', t.environment, {
      body: { ...registration(), scope: 'environment', os: 'ubuntu-24-04' },
    });
    expect(data).toMatchObject({
      scope: 'environment',
      accountId: t.account.accountId,
      envId: t.environment.environmentId,
      architecture: 'x86_64',
      scalrAgentInstalled: true,
      cloudInitInstalled: false,
      status: 'active',
      source: 'Manual',
      deprecated: false,
      description: '',
      size: null,
      createdBy: t.environmentAdmin.email,
      lastUsed: null,
      version: 1,
    });
    expect(await logOf(data.id)).toMatchObject([
      { operation: 'imageCreate', actor: t.environmentAdmin.email, before: null },
    ]);
  });

  test('warns of what looks unusual, registers it all the same, and says that it was not checked', async () => {
    const t = await createTenant(database.db);
    const odd = { cloudLocation: 'mars-1', cloudImageId: 'not an ami!!' };
    const register = (body: object) =>
      t.accountAdmin.call('imageCreate', t.account, { body: { ...registration(), ...body } });
    const { data, warnings } = await register(odd);
    expect(data).toMatchObject({ ...odd, status: 'active', checked: null });
    expect(warnings.map(({ code }) => code)).toEqual(['UnusualCloudImageId', 'UnknownLocation']);
    expect((await register({})).warnings).toEqual([]);
  });

  test('the location is empty on clouds whose images serve everywhere, whatever was sent', async () => {
    const t = await createTenant(database.db);
    for (const cloudPlatform of ['gce', 'azure'] as const) {
      const { data } = await t.accountAdmin.call('imageCreate', t.account, {
        body: { ...registration(), cloudPlatform },
      });
      expect(data.cloudLocation).toBe('');
    }
  });

  test('an image can be deprecated from its first moment', async () => {
    const t = await createTenant(database.db);
    const { data } = await t.accountAdmin.call('imageCreate', t.account, {
      body: { ...registration(), deprecated: true },
    });
    expect(data).toMatchObject({ deprecated: true, deprecation: { by: t.accountAdmin.email } });
  });

  test.each([
    { change: { scope: 'account' as const }, code: 'InvalidValue', field: 'scope' },
    { change: { cloudLocation: undefined }, code: 'InvalidStructure', field: 'cloudLocation' },
    { change: { cloudLocation: '' }, code: 'InvalidValue', field: 'cloudLocation' },
    { change: { cloudImageId: 'ami-1 ' }, code: 'InvalidValue', field: 'cloudImageId' },
    { change: { os: { id: 'no-such-os' } }, code: 'InvalidValue', field: 'os.id' },
  ])(
    '$change is refused for its $field, and nothing is registered',
    async ({ change, ...refusal }) => {
      const t = await createTenant(database.db);
      await expect(
        t.environmentAdmin.call('imageCreate', t.environment, {
          body: { ...registration(), ...change },
        }),
      ).rejects.toMatchObject({ code: refusal.code, details: { field: refusal.field } });
      const { data } = await t.environmentAdmin.call('imageList', t.environment, {
        query: { scope: 'environment' },
      });
      expect(data).toEqual([]);
    },
  );

  test('a cloud image is registered once at a scope and those above it, and the refusal names the other', async () => {
    const t = await createTenant(database.db);
    const body = registration();
    const first = await t.corporateAdmin.call('imageCreate', t.corporate, { body });
    for (const at of [t.corporate, t.account, t.environment])
      await expect(
        t.corporateAdmin.call('imageCreate', at, { body: { ...body, name: 'another' } }),
      ).rejects.toMatchObject({
        code: 'UnicityViolation',
        message: expect.stringMatching(/Corporate.*"nginx-1-9-15"/),
        details: {
          field: 'cloudImageId',
          blockers: [{ type: 'image', id: first.data.id, scope: 'scalr' }],
        },
      });
  });

  test('a cloud image may be registered beside and above where it is, and again once deleted', async () => {
    const t = await createTenant(database.db);
    const body = registration();
    const create = (at: Parameters<typeof t.accountAdmin.call>[1]) =>
      t.corporateAdmin.call('imageCreate', at, { body });
    await create(t.environment);
    await create(t.otherEnvironment);
    const { data } = await create(t.account);
    await expect(create(t.account)).rejects.toMatchObject({ code: 'UnicityViolation' });
    await t.accountAdmin.call('imageDelete', t.account, { params: { imageId: data.id } });
    await create(t.account);
    await t.accountAdmin.call('imageCreate', t.account, {
      body: { ...body, cloudLocation: 'eu-west-1' },
    });
  });

  test('whoever may only look cannot register', async () => {
    const t = await createTenant(database.db);
    await expect(
      t.viewer.call('imageCreate', t.account, { body: registration() }),
    ).rejects.toMatchObject({ code: 'PermissionViolation' });
  });
});

describe('changing', () => {
  async function own(t: Tenant, values: Parameters<typeof insertImage>[2] = {}) {
    const { id } = await insertImage(database.db, t.account, values);
    const update = (body: object, ifMatch?: number) =>
      t.accountAdmin.call('imageUpdate', t.account, {
        params: { imageId: id },
        body,
        ...(ifMatch !== undefined && { ifMatch }),
      });
    return { id, update };
  }

  test('a change raises the version, and is recorded with what was before', async () => {
    const t = await createTenant(database.db);
    const { id, update } = await own(t, { name: 'before' });
    const { data } = await update({ name: 'after', description: 'tested in May' }, 1);
    expect(data).toMatchObject({ name: 'after', description: 'tested in May', version: 2 });
    expect(await logOf(id)).toMatchObject([
      {
        operation: 'imageUpdate',
        before: { name: 'before', description: '' },
        after: { name: 'after', description: 'tested in May' },
      },
    ]);
    await expect(update({ name: 'later' }, 1)).rejects.toMatchObject({
      code: 'PreconditionFailed',
    });
  });

  test('a change to what is so already writes nothing', async () => {
    const t = await createTenant(database.db);
    const { id, update } = await own(t, { name: 'same' });
    expect((await update({ name: 'same', deprecated: false })).data.version).toBe(1);
    expect((await update({})).data.version).toBe(1);
    expect(await logOf(id)).toEqual([]);
  });

  test('the deprecated flag deprecates and restores', async () => {
    const t = await createTenant(database.db);
    const { update } = await own(t);
    const on = (await update({ deprecated: true })).data;
    expect(on).toMatchObject({
      deprecated: true,
      deprecation: { by: t.accountAdmin.email, reason: null, replacement: null },
    });
    expect((await update({ deprecated: true })).data.version).toBe(on.version);
    expect((await update({ deprecated: false })).data).toMatchObject({
      deprecated: false,
      deprecation: null,
    });
  });

  test('an image of a higher scope, one being deleted and an invisible one are refused', async () => {
    const t = await createTenant(database.db);
    const { id } = await own(t);
    const leaving = await insertImage(database.db, t.environment, {
      cloud_image_id: randomName('ami'),
    });
    await t.environmentAdmin.call('imageDelete', t.environment, {
      params: { imageId: leaving.id },
      query: { deleteFromCloud: 'true' },
    });
    const beside = await insertImage(database.db, t.otherEnvironment);
    for (const [imageId, code] of [
      [id, 'ScopeViolation'],
      [leaving.id, 'UnacceptableImageStatus'],
      [beside.id, 'ObjectNotFound'],
    ] as const) {
      const input = { params: { imageId } };
      const client = t.environmentAdmin;
      await expect(
        client.call('imageUpdate', t.environment, { ...input, body: { name: 'new-name' } }),
      ).rejects.toMatchObject({ code });
      await expect(client.call('imageDeprecate', t.environment, input)).rejects.toMatchObject({
        code,
      });
      await expect(client.call('imageDelete', t.environment, input)).rejects.toMatchObject({
        code,
      });
    }
  });
});

describe('deprecating', () => {
  async function pair() {
    const t = await createTenant(database.db);
    const old = await insertImage(database.db, t.account);
    const successor = await insertImage(database.db, t.account);
    const deprecate = (imageId: string, body: object = {}) =>
      t.accountAdmin.call('imageDeprecate', t.account, { params: { imageId }, body });
    return { t, old, successor, deprecate };
  }

  test('says since when, by whom, why, and what to use instead', async () => {
    const { t, old, successor, deprecate } = await pair();
    const { data } = await deprecate(old.id, {
      reason: 'CVE-2026-1',
      replacement: { id: successor.id },
    });
    expect(data.deprecation).toMatchObject({
      by: t.accountAdmin.email,
      reason: 'CVE-2026-1',
      replacement: { id: successor.id, name: successor.name },
    });
    expect(await logOf(old.id)).toMatchObject([
      { operation: 'imageDeprecate', reason: 'CVE-2026-1' },
    ]);
  });

  test('again keeps the first time and author, and may change the reason and the replacement', async () => {
    const { old, successor, deprecate } = await pair();
    const first = (await deprecate(old.id, { replacement: successor.id })).data;
    const again = (await deprecate(old.id, { reason: 'also slow' })).data;
    expect(again.deprecation).toEqual({ ...first.deprecation, reason: 'also slow' });
    const cleared = (await deprecate(old.id, { replacement: null })).data;
    expect(cleared.deprecation).toMatchObject({ reason: 'also slow', replacement: null });
    expect((await deprecate(old.id)).data.version).toBe(cleared.version);
  });

  test('restoring clears all of it', async () => {
    const { old, successor, deprecate } = await pair();
    await deprecate(old.id, { reason: 'old', replacement: successor.id });
    const { data } = await deprecate(old.id, { deprecate: false });
    expect(data).toMatchObject({ deprecated: false, deprecation: null });
    await expect(
      deprecate(old.id, { deprecate: false, replacement: successor.id }),
    ).rejects.toMatchObject({ code: 'InvalidValue', details: { field: 'replacement' } });
  });

  test('only what the image sees, works and is not deprecated can be recommended; so never in a circle', async () => {
    const { t, old, successor, deprecate } = await pair();
    const below = await insertImage(database.db, t.environment);
    const failed = await insertImage(database.db, t.account, { status: 'failed' });
    for (const [id, code] of [
      [old.id, 'InvalidValue'],
      [below.id, 'ObjectNotFound'],
      [failed.id, 'UnacceptableImageStatus'],
    ])
      await expect(deprecate(old.id, { replacement: id })).rejects.toMatchObject({
        code,
        details: { field: 'replacement.id' },
      });
    await deprecate(old.id, { replacement: successor.id });
    await expect(deprecate(successor.id, { replacement: old.id })).rejects.toMatchObject({
      code: 'Deprecated',
    });
  });

  test('says what to use now when what it recommends was deprecated too, or that there is nothing', async () => {
    const t = await createTenant(database.db);
    const [a, b, c] = [
      await insertImage(database.db, t.account),
      await insertImage(database.db, t.account),
      await insertImage(database.db, t.corporate),
    ];
    const deprecate = (image: { id: string }, by?: { id: string }) =>
      t.corporateAdmin.call('imageDeprecate', image === c ? t.corporate : t.account, {
        params: { imageId: image.id },
        body: { replacement: by ? { id: by.id } : undefined },
      });
    const adviceOf = async (image: { id: string }) => {
      const input = { params: { imageId: image.id } };
      const { data } = await t.viewer.call('imageGet', t.account, input);
      return data.deprecation;
    };
    await deprecate(a, b);
    expect(await adviceOf(a)).toMatchObject({ replacement: { id: b.id }, useInstead: inShort(b) });
    await deprecate(b, c);
    expect(await adviceOf(a)).toMatchObject({ replacement: { id: b.id }, useInstead: inShort(c) });
    await deprecate(c);
    expect(await adviceOf(a)).toMatchObject({ replacement: { id: b.id }, useInstead: null });
    // Not even data that goes round in a circle, which an invariant forbids, keeps it searching.
    const recommend = (deprecation_replacement_id: string) =>
      database.db
        .updateTable('images')
        .set({ deprecation_replacement_id })
        .where('id', '=', b.id)
        .execute();
    await recommend(a.id);
    expect(await adviceOf(a)).toMatchObject({ replacement: { id: b.id }, useInstead: null });
    await recommend(c.id);
  });
});

function inShort({ id, name }: { id: string; name: string }) {
  return { id, name };
}

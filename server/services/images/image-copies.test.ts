import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();
let t: Tenant;

beforeAll(async () => {
  t = await createTenant(database.db);
});
afterAll(async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

const elsewhere = { cloudPlatform: 'ec2' as const, cloudLocation: 'eu-west-1' };

function copy(at: ScopeRef, imageId: string, body = elsewhere, who = t.corporateAdmin) {
  return who.call('imageCopy', at, { params: { imageId }, body });
}

async function loggedSources(id: string): Promise<unknown> {
  const row = await database.db
    .selectFrom('operations_log')
    .where('object', '=', `image:${id}`)
    .where('operation', '=', 'imageCopy')
    .select('others')
    .executeTakeFirstOrThrow();
  return row.others;
}

test('a copy is a new image of the same scope, like its image in all but place and cloud id', async () => {
  for (const at of [t.corporate, t.account, t.environment]) {
    const { id } = await insertImage(database.db, at, { size_gb: 12, type: 'ebs-hvm' });
    const { data: image } = await t.corporateAdmin.call('imageGet', at, {
      params: { imageId: id },
    });
    const { data: made } = await copy(at, id);
    expect(made).toMatchObject({
      ...image,
      id: made.id,
      added: made.added,
      createdBy: t.corporateAdmin.email,
      cloudLocation: 'eu-west-1',
      cloudImageId: '',
      status: 'pending_copy',
      version: 1,
    });
    expect(made.id).not.toBe(id);
    expect(await loggedSources(made.id)).toEqual([{ object: `image:${id}` }]);
    const twins = await t.corporateAdmin.call('imageTwinList', at, { params: { imageId: id } });
    expect(twins.data.map((twin) => twin.id)).toEqual([made.id]);
  }
});

test('several copies may be on their way to one location, and none is a registration of another', async () => {
  const { id } = await insertImage(database.db, t.environment);
  const [first, second] = [await copy(t.environment, id), await copy(t.environment, id)];
  expect(first.data.id).not.toBe(second.data.id);
  const params = { imageId: first.data.id };
  const others = await t.corporateAdmin.call('imageRegistrationList', t.environment, { params });
  expect(others.data).toEqual([]);
});

describe('a copy is refused', () => {
  const image = (values: object = {}) => insertImage(database.db, t.account, values);

  test.each([
    ['to no region', { ...elsewhere, cloudLocation: 'atlantis-1' }, {}, 'InvalidValue'],
    ['to its own location', { ...elsewhere, cloudLocation: 'us-east-1' }, {}, 'BadRequest'],
    ['of a failed image', elsewhere, { status: 'failed' }, 'UnacceptableImageStatus'],
    [
      'of a deprecated image',
      elsewhere,
      { deprecated_at: new Date(), deprecated_by: 'x' },
      'Deprecated',
    ],
    [
      'from another cloud',
      elsewhere,
      { cloud_platform: 'gce', cloud_location: '' },
      'InvalidValue',
    ],
  ])('%s', async (_what, body, values, code) => {
    const { id } = await image(values);
    await expect(copy(t.account, id, body)).rejects.toMatchObject({ code });
  });

  test('where the image is not, before its state is looked at', async () => {
    const { id } = await image({ status: 'failed' });
    await expect(copy(t.environment, id)).rejects.toMatchObject({ code: 'ScopeViolation' });
    await expect(copy(t.corporate, id)).rejects.toMatchObject({ code: 'ObjectNotFound' });
  });

  test('to who may only look, and to who saw an older version', async () => {
    const { id } = await image();
    const looking = copy(t.account, id, elsewhere, t.viewer);
    await expect(looking).rejects.toMatchObject({ code: 'PermissionViolation' });
    const input = { params: { imageId: id }, body: elsewhere, ifMatch: 7 };
    const late = t.corporateAdmin.call('imageCopy', t.account, input);
    await expect(late).rejects.toMatchObject({ code: 'PreconditionFailed' });
  });
});

describe('while it is being made, a copy', () => {
  let made: { id: string };
  let source: { id: string };

  beforeAll(async () => {
    source = await insertImage(database.db, t.environment);
    made = (await copy(t.environment, source.id)).data;
  });

  test('enters no role and replaces no image', async () => {
    const role = await insertRole(database.db, t.environment);
    const adding = t.corporateAdmin.call('roleImageCreate', t.environment, {
      params: { roleId: role.id },
      body: { image: made.id },
    });
    await expect(adding).rejects.toMatchObject({ code: 'UnacceptableImageStatus' });
    const old = await insertImage(database.db, t.environment, { cloud_location: 'eu-west-1' });
    await insertRole(database.db, t.environment, [old.id]);
    const params = { imageId: old.id };
    const candidates = await t.corporateAdmin.call('imageCandidates', t.environment, { params });
    expect(candidates.data.find((one) => one.id === made.id)).toMatchObject({
      valid: false,
      code: 'UnacceptableImageStatus',
    });
    const replacing = t.corporateAdmin.call('imageReplace', t.environment, {
      params,
      body: { newImage: made.id },
    });
    await expect(replacing).rejects.toMatchObject({ code: 'UnacceptableImageStatus' });
  });

  test('is neither promoted, nor deleted, nor copied, and says so; it can be renamed', async () => {
    const params = { imageId: made.id };
    for (const operation of ['imagePromote', 'imageDelete'] as const) {
      const call = t.corporateAdmin.call(operation, t.environment, { params });
      await expect(call).rejects.toMatchObject({ code: 'UnacceptableImageStatus' });
    }
    const again = copy(t.environment, made.id, { ...elsewhere, cloudLocation: 'us-east-1' });
    await expect(again).rejects.toMatchObject({ code: 'UnacceptableImageStatus' });
    const query = { include: 'actions' };
    const { data } = await t.corporateAdmin.call('imageGet', t.environment, { params, query });
    for (const action of ['promote', 'copy', 'delete', 'deleteFromCloud', 'addToRole'] as const)
      expect(data.actions?.[action]).toMatchObject({ code: 'UnacceptableImageStatus' });
    const body = { name: 'renamed-copy' };
    await t.corporateAdmin.call('imageUpdate', t.environment, { params, body });
  });

  test('keeps its image from being deleted, which names it', async () => {
    const remove = t.corporateAdmin.call('imageDelete', t.environment, {
      params: { imageId: source.id },
    });
    await expect(remove).rejects.toMatchObject({
      code: 'ObjectInUse',
      details: { blockers: [{ type: 'image', id: made.id, scope: 'environment' }] },
    });
  });
});

import { describe, expect, test } from 'vitest';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { failAtEach } from '../../testing/failing-statements.ts';
import { type Client, createTenant, randomName } from '../../testing/harness.ts';

// Putting a version into a role in place of another: one replacement, one transaction.

const database = withDatabase();
const locations = ['eu-west-1', 'us-east-1'];

/** An image in each of these places, of one set. */
async function insertSet(at: ScopeRef, places = locations, more: object = {}) {
  const name = `${randomName('web')}-1`;
  const ids: string[] = [];
  for (const cloud_location of places)
    ids.push((await insertImage(database.db, at, { name, cloud_location, ...more })).id);
  const images = database.db.selectFrom('images').where('id', '=', ids[0] ?? '');
  const { set_id: setId } = await images.select('set_id').executeTakeFirstOrThrow();
  return { name, ids, params: { imageSetId: setId ?? 0 } };
}

/** A role of an account that has a version in two places, and the next version, in three. */
async function createCase(old: { at?: 'corporate' | 'account'; values?: object } = {}) {
  const t = await createTenant(database.db);
  const held = await insertSet(t[old.at ?? 'account'], locations, old.values);
  const next = await insertSet(t.account, [...locations, 'us-west-2']);
  const role = await insertRole(database.db, t.account, held.ids);
  const add = (
    more: Omit<ServiceInput<'imageSetAddToRole'>['body'], 'role'>,
    client: Client = t.accountAdmin,
  ) => {
    const body = { role: { id: role.id }, replace: true, ...more };
    return client.call('imageSetAddToRole', t.account, { params: next.params, body });
  };
  return { t, held, next, role, add };
}

async function heldBy({ id }: { id: number }): Promise<string[]> {
  const images = database.db.selectFrom('role_images').where('role_id', '=', id);
  const rows = await images.select('image_id').orderBy('cloud_location').execute();
  return rows.map((row) => row.image_id);
}

async function deprecationsOf(ids: readonly string[]) {
  const images = database.db.selectFrom('images').where('id', 'in', ids).orderBy('cloud_location');
  const rows = await images.select(['deprecated_at', 'deprecation_replacement_id']).execute();
  return rows.map((row) => row.deprecated_at && row.deprecation_replacement_id);
}

describe('a version that takes the place of another in a role', () => {
  test('is one replacement, whose pairs are told and which can be taken back', async () => {
    const { t, held, next, role, add } = await createCase();
    const { data } = await add({ deprecateOldImage: true });
    expect(data.results.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    expect(data.results.map((result) => [result.oldImage?.id, result.deprecatedOldImage])).toEqual([
      [held.ids[0], true],
      [held.ids[1], true],
      [undefined, undefined],
    ]);
    expect(await heldBy(role)).toEqual(next.ids);
    expect(await deprecationsOf(held.ids)).toEqual(next.ids.slice(0, 2));

    const query = { role: role.id };
    const made = await t.viewer.call('replacementList', t.account, { query });
    expect(made.data).toMatchObject([{ roles: 1, scope: 'account', deprecatedOldImage: true }]);
    expect(made.data[0]?.pairs.map((pair) => [pair.oldImage.id, pair.newImage.id])).toEqual(
      expect.arrayContaining(held.ids.map((id, index) => [id, next.ids[index]])),
    );
    const params = { replacementId: made.data[0]?.id ?? '' };
    await t.accountAdmin.call('replacementRollBack', t.account, { params, body: {} });
    expect(await heldBy(role)).toEqual([...held.ids, next.ids[2]]);
    expect(await deprecationsOf(held.ids)).toEqual([null, null]);
  });

  test('changes nothing and makes no replacement when it is there already', async () => {
    const { t, role, add } = await createCase();
    await add({ deprecateOldImage: true });
    const again = await add({ deprecateOldImage: true });
    expect(again.data.results.map(({ outcome }) => outcome)).toEqual(Array(3).fill('unchanged'));
    const query = { role: role.id, include: 'total' };
    const { page } = await t.viewer.call('replacementList', t.account, { query });
    expect(page?.total).toBe(1);
  });

  test('leaves the role alone when it is no longer what the caller saw', async () => {
    const { held, role, add } = await createCase();
    await expect(add({ roleVersion: 2 })).rejects.toMatchObject({
      code: 'PreconditionFailed',
      details: { field: 'roleVersion' },
    });
    expect(await heldBy(role)).toEqual(held.ids);
    await add({ roleVersion: 1 });
    await expect(add({ roleVersion: 1 })).rejects.toMatchObject({ code: 'PreconditionFailed' });
  });

  test.each([
    ['of a scope above', { at: 'corporate' }, null],
    [
      'that is deprecated already',
      { values: { deprecated_at: new Date(0), deprecated_by: 'test' } },
      // As it was: without a recommendation.
      null,
    ],
  ] as const)('leaves what it replaces %s as it is, and says so', async (_, old, successor) => {
    const { held, next, role, add } = await createCase(old);
    const { data } = await add({ deprecateOldImage: true });
    expect(data.results[0]).toMatchObject({ outcome: 'done', deprecatedOldImage: false });
    expect(await heldBy(role)).toEqual(next.ids);
    expect(await deprecationsOf(held.ids)).toEqual([successor, successor]);
  });

  test('deprecates nothing unless asked to', async () => {
    const { held, add } = await createCase();
    await add({});
    expect(await deprecationsOf(held.ids)).toEqual([null, null]);
  });

  test('is another plan when the role has another image by then', async () => {
    const { t, next, role, add, held } = await createCase();
    const params = next.params;
    const body = { role: { id: role.id }, replace: true };
    const shown = await t.viewer.call('imageSetAddToRolePreview', t.account, { params, body });
    const other = await insertImage(database.db, t.account, { cloud_location: 'eu-west-1' });
    await t.accountAdmin.call('roleImageReplace', t.account, {
      params: { roleId: role.id, imageId: held.ids[0] ?? '' },
      body: { image: { id: other.id } },
    });
    const call = t.accountAdmin.call('imageSetAddToRole', t.account, {
      params,
      body,
      digest: shown.data.digest,
    });
    await expect(call).rejects.toMatchObject({ code: 'Conflict' });
    expect(await heldBy(role)).toEqual([other.id, held.ids[1]]);
    await add({});
  });
});

test('a version enters a role in all places or in none, whichever statement fails', async () => {
  const { add } = await createCase();
  expect(await failAtEach(database.url, () => add({ deprecateOldImage: true }))).toBeGreaterThan(8);
});

test('leaves every invariant true', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

import fc from 'fast-check';
import { sql, type Transaction } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { invariants } from '../../database/invariants.ts';
import { isDeprecatedAt } from '../../database/queries/images/same-cloud-image.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import type { Database } from '../../database/schema.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();
let t: Tenant;
beforeAll(async () => {
  t = await createTenant(database.db);
});

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof ApiError && error.status < 500) return error.code;
      throw error;
    },
  );
}

type Place = 'account' | 'environment' | 'otherEnvironment';
const place = fc.constantFrom<Place>(
  'environment',
  'environment',
  'environment',
  'otherEnvironment',
);
const mostlyNot = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 2 });
/** What may be tied to an image of the account: each alone is often there, and often where the image goes. */
const someTies = fc.record({
  role: mostlyNot(
    fc.constantFrom<Place>('environment', 'environment', 'otherEnvironment', 'account'),
  ),
  farmOfIt: mostlyNot(place),
  server: fc.constantFrom<'running' | 'terminated'>('running', 'terminated'),
  /** Its server, if any, outlives the role's image. */
  leavesRole: fc.boolean(),
  recommender: mostlyNot(place),
  deprecated: fc.boolean(),
  registration: mostlyNot(place),
  replaced: mostlyNot(place),
});

/** An image of the account with what is tied to it. @returns its id, and that of its role */
async function build(ties: typeof someTies extends fc.Arbitrary<infer Value> ? Value : never) {
  const { db } = database;
  const image = await insertImage(db, t.account);
  const role = ties.role && (await insertRole(db, t[ties.role], [image.id]));
  const at = ties.role === 'account' ? ties.farmOfIt : ties.role;
  if (role && ties.farmOfIt && at && at !== 'account') {
    const { farmRoleId } = await insertFarm(db, t[at], role.id);
    await insertServers(db, farmRoleId, image.id, 1, ties.server);
  }
  if (ties.recommender)
    await insertImage(db, t[ties.recommender], {
      deprecated_at: new Date(),
      deprecated_by: 'x',
      deprecation_replacement_id: image.id,
    });
  else if (ties.deprecated)
    await db
      .updateTable('images')
      .set({ deprecated_at: new Date(Date.now() + 60_000), deprecated_by: 'x' })
      .where('id', '=', image.id)
      .execute();
  if (ties.registration)
    await insertImage(db, t[ties.registration], { cloud_image_id: image.cloud_image_id });
  if (ties.replaced) {
    const old = await insertImage(db, t.account);
    await insertRole(db, t[ties.replaced], [old.id]);
    const input = { params: { imageId: old.id }, body: { newImage: image.id } };
    await outcomeOf(t.accountAdmin.call('imageReplace', t[ties.replaced], input));
  }
  if (role && ties.leavesRole && ties.farmOfIt) {
    const next = await insertImage(db, t.account);
    await db
      .updateTable('role_images')
      .set({ image_id: next.id })
      .where('role_id', '=', role.id)
      .execute();
  }
  return { imageId: image.id, roleId: role?.id };
}

/** Everything that is not as it must be, and what is deprecated where: both as rows. */
async function stateIn(tx: Transaction<Database>): Promise<string[]> {
  const breaches: string[] = [];
  for (const one of invariants) {
    const { rows } = await sql.raw(one.sql).execute(tx);
    breaches.push(...rows.map((row) => `${one.id} ${JSON.stringify(row)}`));
  }
  const { rows } = await sql<{ id: string }>`
    SELECT i.id FROM images i WHERE i.deleted_at IS NULL AND ${isDeprecatedAt('i', 'i')}`.execute(
    tx,
  );
  return [...breaches, ...rows.map(({ id }) => `deprecated ${id}`)].toSorted();
}

/** Whether moving the row itself changes nothing else: tried, looked at, and undone. */
async function mayMove(
  table: 'images' | 'roles',
  id: string | number,
  to: ScopeRef,
): Promise<boolean> {
  const undo = new Error('undone');
  let isFine = false;
  const tried = database.db.transaction().execute(async (tx) => {
    const before = await stateIn(tx);
    const { scope, account_id: account, environment_id: environment } = placeColumns(to);
    await sql`UPDATE ${sql.table(table)} SET scope = ${scope}, account_id = ${account},
      environment_id = ${environment} WHERE id = ${id}`.execute(tx);
    isFine = JSON.stringify(await stateIn(tx)) === JSON.stringify(before);
    throw undo;
  });
  await tried.catch((error: { code?: string }) => {
    // The database itself may refuse it: the same cloud image is there already.
    if (error !== undo && error.code !== '23505') throw error;
  });
  return isFine;
}

const numRuns = full ? 1000 : 30;

test('an image moves down exactly when nothing outside would miss it', async () => {
  const seen = new Map<string, number>();
  const property = fc.asyncProperty(someTies, async (ties) => {
    const { imageId } = await build(ties);
    const expected = await mayMove('images', imageId, t.environment);
    const input = { params: { imageId }, body: { envId: t.environment.environmentId } };
    const preview = await t.accountAdmin.call('imageDemotePreview', t.account, input);
    const outcome = await outcomeOf(t.accountAdmin.call('imageDemote', t.account, input));
    expect({ allowed: preview.data.allowed, done: outcome === 'done' }, outcome).toEqual({
      allowed: expected,
      done: expected,
    });
    expect(preview.data.blockers.length > 0).toBe(!expected);
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  });
  await fc.assert(property, { numRuns, endOnFailure: true });
  expect([...seen.keys()].toSorted()).toEqual(['ObjectInUse', 'UnicityViolation', 'done']);
});

/** What a promotion and a demotion change, without versions, and without sets, which come and go. */
async function snapshot() {
  const { db } = database;
  const images = await db.selectFrom('images').selectAll().orderBy('id').execute();
  const roles = await db.selectFrom('roles').selectAll().orderBy('id').execute();
  return {
    images: images.map(({ version: _version, set_id: _set, ...row }) => row),
    roles: roles.map(({ version: _version, ...row }) => row),
    roleImages: await db
      .selectFrom('role_images')
      .selectAll()
      .orderBy('image_id')
      .orderBy('role_id')
      .execute(),
    history: await db.selectFrom('role_image_history').selectAll().orderBy('id').execute(),
    farmRoles: await db.selectFrom('farm_roles').selectAll().orderBy('id').execute(),
    servers: await db.selectFrom('servers').selectAll().orderBy('id').execute(),
  };
}

test('demoting what was promoted restores every row', async () => {
  const estate = fc.record({
    what: fc.constantFrom('image', 'role', 'set'),
    images: fc.integer({ min: 1, max: 3 }),
    /** Of the first image by the last. */
    recommends: fc.boolean(),
    farm: fc.boolean(),
    ofAbove: fc.boolean(),
  });
  const property = fc.asyncProperty(estate, async (given) => {
    const { db } = database;
    const name = randomName('web');
    const ids: string[] = [];
    for (const cloud_location of ['us-east-1', 'eu-west-1', 'sa-east-1'].slice(0, given.images))
      ids.push((await insertImage(db, t.environment, { name, cloud_location })).id);
    const above = await insertImage(db, t.account, { cloud_location: 'us-west-1' });
    const held = [...ids, ...(given.ofAbove ? [above.id] : [])];
    const role = await insertRole(db, t.environment, held);
    if (given.farm) {
      const { farmRoleId } = await insertFarm(db, t.environment, role.id);
      await insertServers(db, farmRoleId, ids[0] ?? '', 2);
    }
    const together = given.what !== 'image' && given.recommends && ids.length > 1;
    if (together)
      await db
        .updateTable('images')
        .set({
          deprecated_at: new Date(Date.now() + 60_000),
          deprecated_by: 'x',
          deprecation_replacement_id: ids.at(-1) ?? null,
        })
        .where('id', '=', ids[0] ?? '')
        .execute();
    const { set_id: imageSetId } = await db
      .selectFrom('images')
      .where('id', '=', ids[0] ?? '')
      .select('set_id')
      .executeTakeFirstOrThrow();
    const before = await snapshot();
    const { accountAdmin: admin, environment, account } = t;
    const to = { envId: environment.environmentId };
    if (given.what === 'role') {
      const params = { roleId: role.id };
      await admin.call('rolePromote', environment, { params, body: {} });
      await admin.call('roleDemote', account, { params, body: { ...to, images: ids } });
    } else if (given.what === 'image') {
      const params = { imageId: ids[0] ?? '' };
      await admin.call('imagePromote', environment, { params, body: {} });
      expect(await snapshot()).not.toEqual(before);
      await admin.call('imageDemote', account, { params, body: to });
    } else {
      const promote = { params: { imageSetId: imageSetId ?? 0 }, body: {} };
      const { data } = await admin.call('imageSetPromote', environment, promote);
      const params = { imageSetId: data.imageSet?.id ?? 0 };
      await admin.call('imageSetDemote', account, { params, body: to });
    }
    expect(await snapshot()).toEqual(before);
  });
  await fc.assert(property, { numRuns: full ? 500 : 20, endOnFailure: true });
});

describe('a role', () => {
  const demote = (roleId: number, body: { images?: string[] } = {}) =>
    t.accountAdmin.call('roleDemote', t.account, {
      params: { roleId },
      body: { envId: t.environment.environmentId, ...body },
    });

  test('takes along the images that nothing else needs, and leaves the others', async () => {
    const { db } = database;
    const own = await insertImage(db, t.account);
    const shared = await insertImage(db, t.account, { cloud_location: 'eu-west-1' });
    const role = await insertRole(db, t.account, [own.id, shared.id]);
    await insertRole(db, t.account, [shared.id]);
    await demote(role.id);
    const rows = await db
      .selectFrom('images')
      .where('id', 'in', [own.id, shared.id])
      .select(['id', 'scope'])
      .execute();
    expect(Object.fromEntries(rows.map((row) => [row.id, row.scope]))).toEqual({
      [own.id]: 'environment',
      [shared.id]: 'account',
    });
  });

  test('is refused with an image that is named and that another role holds', async () => {
    const { db } = database;
    const shared = await insertImage(db, t.account);
    const role = await insertRole(db, t.account, [shared.id]);
    const other = await insertRole(db, t.account, [shared.id]);
    await expect(demote(role.id, { images: [shared.id] })).rejects.toMatchObject({
      code: 'ObjectInUse',
      details: { blockers: [{ type: 'role', id: other.id }] },
    });
  });

  test('stays while a farm of another environment uses it, and says which', async () => {
    const { db } = database;
    const image = await insertImage(db, t.account);
    const role = await insertRole(db, t.account, [image.id]);
    const farm = await insertFarm(db, t.otherEnvironment, role.id);
    await expect(demote(role.id)).rejects.toMatchObject({
      code: 'ObjectInUse',
      details: { blockers: [{ type: 'farmRole', id: farm.farmRoleId, farmId: farm.farmId }] },
    });
  });
});

test('a demotion goes one scope down, to one that is there', async () => {
  const { id: imageId } = await insertImage(database.db, t.account);
  const demote = (body: object) =>
    outcomeOf(t.accountAdmin.call('imageDemote', t.account, { params: { imageId }, body }));
  expect(await demote({})).toBe('InvalidStructure');
  expect(await demote({ accountId: t.account.accountId })).toBe('InvalidValue');
  expect(await demote({ envId: 2_000_000_000 })).toBe('ObjectNotFound');
  const stranger = await createTenant(database.db);
  expect(await demote({ envId: stranger.environment.environmentId })).toBe('ObjectNotFound');
});

import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { CloudImages } from '../cloud/images.ts';
import { checkInvariants } from '../database/invariants.ts';
import { attachNewCredentials } from '../testing/credentials.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';
import {
  createPolicy,
  daysAgo,
  enforce,
  evaluate,
  passPolicies,
  readEverything,
  storeFound,
} from '../testing/policies.ts';
import { startImageDeletions } from './image-deletions.ts';

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((loop) => loop.stop()));
  expect(await checkInvariants(database.db)).toEqual([]);
  // What one test has carried out is not looked at in the next.
  await database.db.deleteFrom('policies').execute();
});

/** Versions of a line of an environment, the oldest first. */
async function insertLine(t: Tenant, count: number) {
  const line = `${randomName('line')}x`;
  const images = [];
  for (let version = 1; version <= count; version += 1)
    images.push(
      await insertImage(database.db, t.environment, {
        name: `${line}-${version}`,
        added_at: daysAgo(400 - version),
      }),
    );
  return images;
}

const rowOf = (id: string) =>
  database.db.selectFrom('images').where('id', '=', id).selectAll().executeTakeFirstOrThrow();

const entriesOf = (operation: string, policyId: string) =>
  database.db
    .selectFrom('operations_log')
    .where('operation', '=', operation)
    .where('object', '=', `policy:${policyId}`)
    .selectAll()
    .execute();

test('a run deprecates all that is due as one change, recommends what to use instead, and is undone as one', async () => {
  const t = await createTenant(database.db);
  const [one, two, three] = await insertLine(t, 3);
  if (!one || !two || !three) throw new Error('No images');
  const policyId = await createPolicy(t.environmentAdmin, t.environment, 'deprecate', {
    keepNewest: 1,
  });
  await enforce(t.environmentAdmin, t.environment, policyId);
  await passPolicies(database.db);
  for (const { id } of [one, two])
    expect(await rowOf(id)).toMatchObject({
      deprecated_by: 'system:policies',
      deprecation_reason: expect.stringContaining('a newer one of its line') as string,
      deprecation_replacement_id: three.id,
    });
  expect((await rowOf(three.id)).deprecated_at).toBeNull();
  expect(await entriesOf('policyRun', policyId)).toMatchObject([
    { actor: 'system:policies', others: [{}, {}] },
  ]);
  const params = { policyId };
  const { data: policy } = await t.viewer.call('policyGet', t.environment, { params });
  const evaluationId = policy.lastRun?.id ?? '';
  // What somebody changed since is left as it is.
  await t.environmentAdmin.call('imageDeprecate', t.environment, {
    params: { imageId: one.id },
    body: { deprecate: false },
  });
  await t.environmentAdmin.call('imageDeprecate', t.environment, {
    params: { imageId: one.id },
    body: { reason: 'mine' },
  });
  const undone = await t.environmentAdmin.call('policyUndo', t.environment, {
    params: { policyId, evaluationId },
    body: {},
  });
  expect(undone.data).toMatchObject({
    done: 2,
    undone: { by: t.environmentAdmin.email, restored: 1 },
    undo: { allowed: false },
  });
  expect(await rowOf(one.id)).toMatchObject({ deprecation_reason: 'mine' });
  expect(await rowOf(two.id)).toMatchObject({
    deprecated_at: null,
    deprecation_replacement_id: null,
  });
  // Otherwise it would do the same again.
  await passPolicies(database.db);
  expect((await rowOf(two.id)).deprecated_at).toBeNull();
});

test('a run that finds nothing leaves no entry, and a policy in audit is never carried out', async () => {
  const t = await createTenant(database.db);
  await insertLine(t, 1);
  const enforced = await createPolicy(t.environmentAdmin, t.environment, 'deprecate', {
    keepNewest: 1,
  });
  await enforce(t.environmentAdmin, t.environment, enforced);
  const [old] = await insertLine(t, 2);
  const audit = await createPolicy(t.environmentAdmin, t.environment, 'deprecate', {
    olderThanDays: 0,
    keepNewest: null,
  });
  await t.environmentAdmin.call('policyAudit', t.environment, {
    params: { policyId: enforced },
    body: {},
  });
  await passPolicies(database.db);
  expect((await rowOf(old?.id ?? '')).deprecated_at).toBeNull();
  for (const id of [enforced, audit]) expect(await entriesOf('policyRun', id)).toEqual([]);
});

test('each policy is evaluated once a day by itself, without an entry in the log', async () => {
  const t = await createTenant(database.db);
  const policyId = await createPolicy(t.accountAdmin, t.account, 'names', {});
  await passPolicies(database.db);
  await passPolicies(database.db);
  const params = { policyId };
  const { data } = await t.viewer.call('policyEvaluationList', t.account, { params, query: {} });
  expect(data).toMatchObject([{ by: 'system:policies', mode: 'audit', done: null }]);
  expect(await entriesOf('policyEvaluate', policyId)).toEqual([]);
});

test('one policy that fails holds up no other', async () => {
  const t = await createTenant(database.db);
  const [old] = await insertLine(t, 2);
  const broken = await createPolicy(t.environmentAdmin, t.environment, 'names', {});
  const rule = JSON.stringify({ template: null, objects: 'images' });
  await database.db.updateTable('policies').set({ rule }).where('id', '=', broken).execute();
  const policyId = await createPolicy(t.environmentAdmin, t.environment, 'deprecate', {
    keepNewest: 1,
  });
  await enforce(t.environmentAdmin, t.environment, policyId);
  await expect(passPolicies(database.db)).rejects.toThrow();
  expect((await rowOf(old?.id ?? '')).deprecated_at).not.toBeNull();
});

test('what came to be used since it was found unused is not deleted', async () => {
  const t = await createTenant(database.db);
  const [old, middle] = await insertLine(t, 3);
  if (!old || !middle) throw new Error('No images');
  await readEverything(database.db, t.environment);
  const policyId = await createPolicy(t.environmentAdmin, t.environment, 'delete', {
    unusedForDays: 0,
  });
  await enforce(t.environmentAdmin, t.environment, policyId);
  const { byName } = await evaluate(t.environmentAdmin, t.environment, policyId);
  expect(byName[old.name]).toMatchObject({ verdict: 'due' });
  await insertRole(database.db, t.environment, [old.id]);
  await passPolicies(database.db);
  expect((await rowOf(old.id)).deleted_at).toBeNull();
  expect((await rowOf(middle.id)).deleted_at).not.toBeNull();
});

/** Deletes nothing, and counts how often it was asked to. */
function startDeletions() {
  const asked: string[] = [];
  const images = {
    delete: async ({ cloudImageId }: { cloudImageId: string }) => void asked.push(cloudImageId),
  } as unknown as CloudImages;
  const cloudOf = async () => ({ name: 'test', images });
  running.push(startImageDeletions(database.db, cloudOf, { pollMs: 10 }));
  return asked;
}

test('from the cloud too: what something there refers to by then is left alone, and active again', async () => {
  const t = await createTenant(database.db);
  const [old, middle, next] = await insertLine(t, 3);
  if (!old || !middle || !next) throw new Error('No images');
  await attachNewCredentials(database.db, t.environment, t.environment);
  const added_at = daysAgo(500);
  await database.db.updateTable('cloud_credentials').set({ added_at }).execute();
  // Those that are attached are read, so that everything within reach is.
  const read = await readEverything(database.db, t.environment);
  await database.db
    .deleteFrom('environment_clouds')
    .where('environment_id', '=', t.environment.environmentId)
    .execute();
  await database.db
    .deleteFrom('cloud_credentials')
    .where('environment_id', '=', t.environment.environmentId)
    .where('id', '<>', read)
    .execute();
  await database.db
    .insertInto('environment_clouds')
    .values({
      account_id: t.account.accountId,
      environment_id: t.environment.environmentId,
      cloud_platform: 'ec2',
      credentials_id: read,
    })
    .execute();
  const policyId = await createPolicy(t.environmentAdmin, t.environment, 'delete', {
    unusedForDays: 0,
    fromCloud: true,
  });
  await enforce(t.environmentAdmin, t.environment, policyId);
  await passPolicies(database.db);
  expect(await rowOf(old.id)).toMatchObject({ status: 'pending_delete' });
  await storeFound(database.db, read, [{ kind: 'group', cloud_image_id: old.cloud_image_id }]);
  const asked = startDeletions();
  await expect
    .poll(async () => [(await rowOf(old.id)).status, (await rowOf(middle.id)).deleted_at !== null])
    .toEqual(['active', true]);
  expect(asked).toEqual([middle.cloud_image_id]);
  expect((await rowOf(next.id)).status).toBe('active');
});

/** How an image comes to be used, before anybody looks or while a run is under way. */
const use = fc.constantFrom('role', 'server', 'found', 'protected');
const estate = fc.record({
  images: fc.array(
    fc.record({ before: fc.option(use, { freq: 2 }), races: fc.boolean(), wait: fc.nat(3) }),
    { minLength: 2, maxLength: 7 },
  ),
  isWhole: fc.boolean(),
});

test('no random estate loses an image that is used, whatever comes to be used meanwhile', async () => {
  const { db } = database;
  let deleted = 0;
  await fc.assert(
    fc.asyncProperty(estate, async ({ images: given, isWhole }) => {
      // Its own, so that the last of many is as small as the first.
      const t = await createTenant(db);
      const holder = await insertRole(db, t.environment, [(await insertImage(db, t.account)).id]);
      const { farmRoleId } = await insertFarm(db, t.environment, holder.id);
      const images = await insertLine(t, given.length);
      const used = new Set<string>();
      const found: { kind: string; cloud_image_id: string }[] = [];
      for (const [index, { before }] of given.entries()) {
        const image = images[index];
        if (!image || before === null) continue;
        used.add(image.id);
        if (before === 'role') await insertRole(db, t.environment, [image.id]);
        if (before === 'server') await insertServers(db, farmRoleId, image.id, 1);
        if (before === 'found')
          found.push({ kind: 'template', cloud_image_id: image.cloud_image_id });
        if (before === 'protected')
          await t.environmentAdmin.call('imageProtect', t.environment, {
            params: { imageId: image.id },
            body: {},
          });
      }
      const read = await readEverything(db, t.environment, found);
      if (!isWhole) await storeFound(db, read, found, [{ part: 'servers', words: 'no' }]);
      const policyId = await createPolicy(t.environmentAdmin, t.environment, 'delete', {
        unusedForDays: 0,
      });
      await enforce(t.environmentAdmin, t.environment, policyId);
      const racers = given.flatMap(({ races, wait }, index) => {
        const image = images[index];
        return races && image
          ? [
              (async () => {
                for (let i = 0; i < wait; i += 1) await db.selectFrom('os').select('id').execute();
                const role = await insertRole(db, t.environment);
                const params = { roleId: role.id };
                const body = { image: image.id };
                await t.environmentAdmin.call('roleImageCreate', t.environment, { params, body });
                used.add(image.id);
              })(),
            ]
          : [];
      });
      const [pass] = await Promise.allSettled([passPolicies(db), ...racers]);
      expect(pass).toMatchObject({ status: 'fulfilled' });
      for (const [index, image] of images.entries()) {
        const { deleted_at: gone } = await rowOf(image.id);
        if (gone === null) continue;
        deleted += 1;
        expect(used.has(image.id), JSON.stringify({ given, isWhole, index })).toBe(false);
        expect(isWhole).toBe(true);
        expect(index).toBeLessThan(images.length - 1);
      }
      expect(await checkInvariants(db)).toEqual([]);
      await db.deleteFrom('policies').execute();
      await db.deleteFrom('cloud_credentials').where('id', '=', read).execute();
    }),
    { numRuns: full ? 1_000 : 15 },
  );
  // Otherwise nothing was tried.
  expect(deleted).toBeGreaterThan(0);
}, 1_200_000);

import { setTimeout as sleep } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import { expect, test } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import { type Scope, type ScopeRef, scopes } from '#contract/scope.ts';
import { type Db, openDatabase } from '../database/connection/connection.ts';
import { checkInvariants, type Violation } from '../database/invariants.ts';
import { scopeOf, type ScopedRow } from '../domain/scopes.ts';
import { withDatabase } from './database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from './factories.ts';
import { type Client, createTenant, randomName, type Tenant } from './harness.ts';

// Many clients change the same few images and roles at once, in every way there is.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const durationMs = full ? 10_000 : 3_000;
/** On a busy machine it goes on until every kind of change got through once, but no longer than this. */
const longestMs = 120_000;
const clients = 16;

const database = withDatabase();

interface World {
  tenants: Tenant[];
  client: Client;
  /** A pool apart, so that looking around never waits for the clients' connections. */
  look: Db;
}

interface Picked extends ScopedRow {
  id: string;
}
interface PickedRole extends ScopedRow {
  id: number;
}

/** One random row of a table that meets a condition on `x`. */
async function pick<Row>(
  { look }: World,
  table: 'images' | 'roles' | 'replacements' | 'image_sets',
  condition: RawBuilder<unknown> = sql`true`,
): Promise<Row | undefined> {
  const buries = table === 'images' || table === 'roles';
  const alive = buries ? sql`x.deleted_at IS NULL` : sql`true`;
  const { rows } = await sql<Row>`
    SELECT x.id, x.scope, x.account_id, x.environment_id FROM ${sql.table(table)} x
    WHERE ${alive} AND ${condition} ORDER BY random() LIMIT 1`.execute(look);
  return rows[0];
}

const used = sql`EXISTS (SELECT FROM role_images ri WHERE ri.image_id = x.id)`;
const below = sql`x.scope <> 'scalr'`;
/** An image that may enter most roles; any other now and then. */
const fitting = () =>
  Math.random() < 0.8
    ? sql`x.deprecated_at IS NULL AND x.os_id = 'ubuntu-24-04' AND x.cloud_location = 'us-east-1'`
    : sql`true`;

function one<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}

function anyScope({ tenants }: World): ScopeRef {
  const t = one(tenants);
  return one([t.corporate, t.account, t.environment, t.otherEnvironment]);
}

/** One link of a role to an image, and the scope of the role. */
async function pickLink({ look }: World) {
  const { rows } = await sql<ScopedRow & { role_id: number; image_id: string }>`
    SELECT ri.role_id, ri.image_id, r.scope, r.account_id, r.environment_id
    FROM role_images ri JOIN roles r ON r.id = ri.role_id
    ORDER BY EXISTS (SELECT FROM farm_roles fr WHERE fr.role_id = r.id) AND random() < 0.5, random()
    LIMIT 1`.execute(look);
  return rows[0];
}

async function replaceImage(world: World): Promise<void> {
  const from = await pick<Picked>(world, 'images', used);
  const to = await pick<Picked>(world, 'images', fitting());
  if (!from || !to) return;
  const at = Math.random() < 0.7 ? scopeOf(from) : anyScope(world);
  const own = scopes.indexOf(at.scope);
  const scope: Scope[] = scopes.slice(own, own + 1 + Math.floor(Math.random() * 3));
  const body = { newImage: to.id, scope, deprecateOldImage: Math.random() < 0.3 };
  const onIncompatible = one(['refuse', 'skip'] as const);
  const params = { imageId: from.id };
  await world.client.call('imageReplace', at, { params, body: { ...body, onIncompatible } });
}

async function rollBack(world: World): Promise<void> {
  // Of long ago there is nothing left to put back.
  const newest = sql`x.at > (SELECT max(at) FROM replacements) - interval '1 second'`;
  const made = await pick<Picked>(world, 'replacements', newest);
  if (!made) return;
  const params = { replacementId: made.id };
  await world.client.call('replacementRollBack', scopeOf(made), { params, body: {} });
}

async function attach(world: World): Promise<void> {
  const image = await pick<Picked>(world, 'images', fitting());
  if (!image) return;
  const tenant = sql`x.account_id IS NOT DISTINCT FROM ${image.account_id}`;
  const role = await pick<PickedRole>(world, 'roles', tenant);
  if (!role) return;
  const input = { params: { roleId: String(role.id) }, body: { image: image.id } };
  await world.client.call('roleImageCreate', scopeOf(role), input);
}

async function detach(world: World): Promise<void> {
  const link = await pickLink(world);
  if (!link) return;
  const params = { roleId: String(link.role_id), imageId: link.image_id };
  await world.client.call('roleImageDelete', scopeOf(link), { params });
}

async function replaceInRole(world: World): Promise<void> {
  const link = await pickLink(world);
  const image = await pick<Picked>(world, 'images', fitting());
  if (!link || !image) return;
  const params = { roleId: String(link.role_id), imageId: link.image_id };
  const body = { image: image.id };
  await world.client.call('roleImageReplace', scopeOf(link), { params, body });
}

async function deprecate(world: World): Promise<void> {
  const image = await pick<Picked>(world, 'images');
  const other = await pick<Picked>(world, 'images');
  if (!image || !other) return;
  const replacement = Math.random() < 0.5 && other.id !== image.id ? other.id : null;
  const body = Math.random() < 0.4 ? { deprecate: true, replacement } : { deprecate: false };
  const params = { imageId: image.id };
  await world.client.call('imageDeprecate', scopeOf(image), { params, body });
}

async function promoteImage(world: World): Promise<void> {
  const image = await pick<Picked>(world, 'images', below);
  if (!image) return;
  const body = { merge: Math.random() < 0.5 };
  const params = { imageId: image.id };
  await world.client.call('imagePromote', scopeOf(image), { params, body });
}

async function promoteRole(world: World): Promise<void> {
  const role = await pick<PickedRole>(world, 'roles', below);
  if (!role) return;
  const input = { params: { roleId: String(role.id) }, body: { merge: true } };
  await world.client.call('rolePromote', scopeOf(role), input);
}

async function deleteImage(world: World): Promise<void> {
  const condition = Math.random() < 0.7 ? sql`NOT ${used}` : sql`true`;
  const image = await pick<Picked>(world, 'images', condition);
  if (image)
    await world.client.call('imageDelete', scopeOf(image), { params: { imageId: image.id } });
}

async function deleteRole(world: World): Promise<void> {
  const role = await pick<PickedRole>(world, 'roles');
  if (!role) return;
  await world.client.call('roleDelete', scopeOf(role), { params: { roleId: String(role.id) } });
}

async function createImage(world: World): Promise<void> {
  // Few cloud images, so that registrations meet each other on the way up.
  const body = {
    // Some share a name, so that there are sets of several.
    name: one([randomName('image'), 'web-1', 'web-2']),
    cloudPlatform: 'ec2' as const,
    cloudLocation: one(['us-east-1', 'us-east-1', 'eu-west-1']),
    cloudImageId: `ami-${Math.floor(Math.random() * 40)}`,
    os: one(['ubuntu-24-04', 'ubuntu-24-04', 'debian-12-x']),
    architecture: 'x86_64' as const,
  };
  await world.client.call('imageCreate', anyScope(world), { body });
}

async function createRole(world: World): Promise<void> {
  const body = { name: randomName('role'), category: 1, os: 'ubuntu-24-04' };
  await world.client.call('roleCreate', anyScope(world), { body });
}

async function look(world: World): Promise<void> {
  const from = await pick<Picked>(world, 'images', used);
  const to = await pick<Picked>(world, 'images', sql`x.scope = 'scalr'`);
  if (!from || !to) return;
  const [params, body] = [{ imageId: from.id }, { newImage: to.id }];
  await world.client.call('imageReplacePreview', scopeOf(from), { params, body });
}

const pickSet = (world: World, condition?: RawBuilder<unknown>) =>
  pick<PickedRole>(world, 'image_sets', condition);
const anyRefusal = () => one(['refuse', 'skip'] as const);

async function deprecateSet(world: World): Promise<void> {
  const set = await pickSet(world);
  if (!set) return;
  const [params, onRefusal] = [{ imageSetId: set.id }, anyRefusal()];
  const body = { deprecate: Math.random() < 0.3, onRefusal };
  await world.client.call('imageSetDeprecate', scopeOf(set), { params, body });
}

async function renameSet(world: World): Promise<void> {
  const set = await pickSet(world);
  if (!set) return;
  const body = { name: one(['web-1', 'web-2', randomName('web')]) };
  const params = { imageSetId: set.id };
  await world.client.call('imageSetUpdate', scopeOf(set), { params, body });
}

async function addSetToRole(world: World): Promise<void> {
  const set = await pickSet(world);
  if (!set) return;
  const tenant = sql`x.account_id IS NOT DISTINCT FROM ${set.account_id}`;
  const role = await pick<PickedRole>(world, 'roles', tenant);
  if (!role) return;
  const body = { role: role.id, replace: Math.random() < 0.5, onRefusal: anyRefusal() };
  const params = { imageSetId: set.id };
  await world.client.call('imageSetAddToRole', scopeOf(role), { params, body });
}

async function promoteSet(world: World): Promise<void> {
  const set = await pickSet(world, below);
  if (!set) return;
  const body = { merge: Math.random() < 0.5, onRefusal: anyRefusal() };
  await world.client.call('imageSetPromote', scopeOf(set), {
    params: { imageSetId: set.id },
    body,
  });
}

async function demoteSet(world: World): Promise<void> {
  const set = await pickSet(world, sql`x.scope <> 'environment'`);
  if (!set) return;
  const owner = world.tenants.find(({ account }) => account.accountId === set.account_id);
  const { account, environment } = owner ?? one(world.tenants);
  const target =
    set.scope === 'scalr' ? { accountId: account.accountId } : { envId: environment.environmentId };
  const body = { ...target, onRefusal: anyRefusal() };
  await world.client.call('imageSetDemote', scopeOf(set), { params: { imageSetId: set.id }, body });
}

async function deleteSet(world: World): Promise<void> {
  const set = await pickSet(world);
  if (!set || Math.random() < 0.5) return;
  const [params, query] = [{ imageSetId: set.id }, { onRefusal: anyRefusal() }];
  await world.client.call('imageSetDelete', scopeOf(set), { params, query });
}

/** Two sets, the second one in sight of the first. */
async function pickSets(world: World) {
  const from = await pickSet(world);
  const seen = sql`x.id <> ${from?.id ?? 0} AND (x.scope = 'scalr' OR x.account_id = ${from?.account_id ?? 0})`;
  const to = await pickSet(world, seen);
  return from && to ? { from, to } : undefined;
}

async function replaceSet(world: World): Promise<void> {
  const sets = await pickSets(world);
  if (!sets) return;
  const body = { newImageSet: sets.to.id, onIncompatible: one(['refuse', 'skip'] as const) };
  const params = { imageSetId: sets.from.id };
  await world.client.call('imageSetReplace', scopeOf(sets.from), { params, body });
}

async function planApplyAndRollBackInPart(world: World): Promise<void> {
  const sets = await pickSets(world);
  if (!sets) return;
  const at = scopeOf(sets.from);
  const options = { deprecateOldImage: Math.random() < 0.3, onIncompatible: 'skip' as const };
  const body = { oldImageSet: sets.from.id, newImageSet: sets.to.id, ...options };
  const { data: plan } = await world.client.call('replacementPlan', at, { body });
  const params = { replacementId: plan.id };
  await world.client.call('replacementApply', at, { params });
  const places = [{ cloudPlatform: 'ec2' as const, cloudLocation: 'us-east-1' }];
  await world.client.call('replacementRollBack', at, { params, body: { places } });
}

const changes = {
  replaceImage,
  rollBack,
  attach,
  detach,
  replaceInRole,
  deprecate,
  promoteImage,
  promoteRole,
  deleteImage,
  deleteRole,
  createImage,
  createRole,
  look,
  deprecateSet,
  renameSet,
  addSetToRole,
  promoteSet,
  demoteSet,
  deleteSet,
  replaceSet,
  planApplyAndRollBackInPart,
};
/** What is done most is what the others get in the way of. */
const mix: (keyof typeof changes)[] = [
  ...(['replaceImage', 'replaceImage', 'replaceImage', 'attach', 'attach', 'attach'] as const),
  ...(['createImage', 'createImage', 'createRole', 'replaceInRole'] as const),
  ...(['rollBack', 'detach', 'deprecate', 'promoteImage', 'promoteRole'] as const),
  ...(['deleteImage', 'deleteRole', 'look', 'deprecateSet', 'renameSet'] as const),
  ...(['addSetToRole', 'promoteSet', 'demoteSet', 'deleteSet'] as const),
  ...(['replaceSet', 'planApplyAndRollBackInPart'] as const),
];

async function build(tenants: readonly Tenant[]): Promise<void> {
  const { db } = database;
  for (const t of tenants) {
    for (const at of [t.corporate, t.account, t.environment, t.otherEnvironment]) {
      const images = [await insertImage(db, at), await insertImage(db, at)];
      for (const image of images) {
        const role = await insertRole(db, at, [image.id]);
        await insertRole(db, at);
        const farmAt = at.scope === 'environment' ? at : t.environment;
        const { farmRoleId } = await insertFarm(db, farmAt, role.id);
        await insertServers(db, farmRoleId, image.id, 2);
      }
    }
  }
}

function missing(done: ReadonlyMap<string, number>): string[] {
  return Object.keys(changes).filter((name) => !done.has(name));
}

test('16 clients changing the same objects at once break nothing and crash nothing', async () => {
  // On a busy machine many wait long for one row. Without limits only conflicts can fail.
  const patient = openDatabase(database.url, { limited: false });
  const tenants = [await createTenant(patient), await createTenant(patient)];
  await build(tenants);
  expect(await checkInvariants(database.db)).toEqual([]);
  const world: World = {
    tenants,
    client: (tenants[0] as Tenant).corporateAdmin,
    look: openDatabase(database.url),
  };
  const done = new Map<string, number>();
  const crashes: unknown[] = [];
  const broken: Violation[] = [];
  const started = performance.now();
  const goesOn = () => {
    const tookMs = performance.now() - started;
    return tookMs < durationMs || (tookMs < longestMs && missing(done).length > 0);
  };
  const work = async () => {
    while (goesOn()) {
      const name = one(mix);
      try {
        await changes[name](world);
        done.set(name, (done.get(name) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status >= 500)
          crashes.push({ name, error, cause: error instanceof Error && error.cause });
      }
    }
  };
  /** Whatever moment is looked at, the invariants hold. */
  const watch = async () => {
    while (goesOn()) {
      broken.push(...(await checkInvariants(world.look)));
      await sleep(500);
    }
  };
  try {
    await Promise.all([watch(), ...Array.from({ length: clients }, work)]);
  } finally {
    await world.look.destroy();
    await patient.destroy();
  }
  expect(crashes).toEqual([]);
  expect([...broken, ...(await checkInvariants(database.db))]).toEqual([]);
  // Every kind of change got through: they did meet each other.
  expect(missing(done)).toEqual([]);
});

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Verdict } from '#contract/actions.ts';
import { ApiError } from '#contract/errors.ts';
import type { Image } from '#contract/images/images.ts';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { userRoles } from '#contract/permissions.ts';
import type { Role } from '#contract/roles/roles.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { fetchImages } from '../database/queries/images/images.ts';
import { placeColumns } from '../database/queries/records/operations-log.ts';
import { setRoleImage } from '../database/queries/roles/role-images.ts';
import { fetchRoles } from '../database/queries/roles/roles.ts';
import { findEntryRefusal } from '../domain/roles/role-images.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import {
  type CallInput,
  type Client,
  createClient,
  createTenant,
  randomName,
  type Tenant,
} from '../testing/harness.ts';
import { outcomeOf, switchUndoing, undoChangesAtCommit } from '../testing/undone-calls.ts';

// Small random estates and users of every role: what `include=actions` says of an action is what the
// call then says. Each call goes through the whole unit of work, and is undone when it commits.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();
const places = ['corporate', 'account', 'environment', 'otherEnvironment'] as const;
type PlaceName = (typeof places)[number];
const everybody = [...places]
  .reverse()
  .flatMap((place) => userRoles.map((role) => ({ role, place })));
const viewer = everybody.findIndex(({ role, place }) => role === 'viewer' && place === 'account');
let tenant: Tenant;
let elsewhere: Tenant;
/** One of each role at each place, the mightiest last. */
let people: Client[];

beforeAll(async () => {
  const { db } = database;
  tenant = await createTenant(db);
  elsewhere = await createTenant(db);
  people = await Promise.all(
    everybody.map(({ role, place }) => createClient(db, role, tenant[place])),
  );
  await undoChangesAtCommit(db);
});

const undoesChanges = (on: boolean) => switchUndoing(database.db, on);

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const chance = mostly(false, true);
const somewhere = fc.constantFrom<PlaceName>(...places);
const count = 4;
const another = fc.option(fc.nat(count - 1), { nil: undefined, freq: 2 });

const anImage = fc.record({
  at: somewhere,
  /** Which name: images of one name, OS and scope are a set. */
  version: fc.nat(1),
  /** Which machine image: registered wherever it is not yet. */
  cloudImage: fc.nat(2),
  platform: mostly('ec2', 'gce', 'openstack'),
  os: mostly('ubuntu-24-04', 'debian-13-x'),
  agent: mostly(true, false),
  deprecated: chance,
  insteadOfIt: another,
  fate: mostly('active', 'failed', 'copied', 'deleted from its cloud'),
  servers: chance,
});
const aRole = fc.record({
  at: somewhere,
  name: fc.nat(2),
  useScalrAgent: fc.boolean(),
  ownCategory: chance,
  held: fc.array(fc.nat(count - 1), { maxLength: 3 }),
  deprecated: chance,
  insteadOfIt: another,
  farm: chance,
});
const anEstate = fc.record({
  images: fc.array(anImage, { minLength: count, maxLength: count }),
  roles: fc.array(aRole, { minLength: count, maxLength: count }),
  /** A category of the same name above. */
  categoryAbove: fc.boolean(),
  replacement: fc.record({ at: somewhere, from: fc.nat(count - 1), to: fc.nat(count - 1) }),
  /** Half of the time somebody who may do everything. */
  who: fc.oneof(fc.nat(everybody.length - 1), fc.constant(everybody.length - 1)),
  from: somewhere,
});
type Estate = typeof anEstate extends fc.Arbitrary<infer Value> ? Value : never;

interface Built {
  images: string[];
  /** The names of the images. */
  versions: string[];
  roles: number[];
  replacements: string[];
}

/** Whatever the rules refuse is left as it is. */
async function attempt<T>(call: Promise<T>): Promise<T | undefined> {
  return call.catch((error: unknown) => {
    if (error instanceof ApiError && error.status < 500) return undefined;
    throw error;
  });
}

async function buildImages({ images }: Estate): Promise<Pick<Built, 'images' | 'versions'>> {
  const seen = new Set<string>();
  const names = [0, 1, 2].map(() => randomName('ami'));
  const versions = [0, 1].map(() => randomName('image'));
  const ids: string[] = [];
  for (const image of images) {
    const place = [image.at, image.cloudImage, image.platform].join();
    const { id } = await insertImage(database.db, tenant[image.at], {
      name: versions[image.version] ?? '',
      cloud_platform: image.platform,
      cloud_location: image.platform === 'gce' ? '' : 'us-east-1',
      cloud_image_id: seen.has(place) ? randomName('ami') : (names[image.cloudImage] ?? ''),
      os_id: image.os,
      scalr_agent_installed: image.agent,
    });
    seen.add(place);
    ids.push(id);
  }
  return { images: ids, versions };
}

/** Where a name may not be taken yet. */
const sharers: Record<PlaceName, PlaceName[]> = {
  corporate: ['corporate'],
  account: ['account', 'environment', 'otherEnvironment'],
  environment: ['environment', 'account'],
  otherEnvironment: ['otherEnvironment', 'account'],
};

async function buildRoles({ roles, categoryAbove }: Estate, images: string[]): Promise<number[]> {
  const { db } = database;
  const names = [0, 1, 2].map(() => randomName('role'));
  const taken = new Set<string>();
  const category = randomName('c');
  if (categoryAbove) await insertCategory('account', category);
  const rows = await fetchImages(db, images, tenant.corporate);
  const ids: number[] = [];
  for (const role of roles) {
    const isFree = sharers[role.at].every((at) => !taken.has(`${at} ${role.name}`));
    const own = role.ownCategory && role.at !== 'account' && !taken.has(`${role.at} category`);
    const { id } = await insertRole(db, tenant[role.at], [], {
      use_scalr_agent: role.useScalrAgent,
      builtin_automation: role.useScalrAgent ? ['base'] : [],
      ...(isFree && { name: names[role.name] ?? '' }),
      ...(own && { category_id: await insertCategory(role.at, category) }),
    });
    if (isFree) taken.add(`${role.at} ${role.name}`);
    if (own) taken.add(`${role.at} category`);
    ids.push(id);
    const [facts] = await fetchRoles(db, [id], tenant.corporate);
    const full = new Set<string>();
    for (const image of role.held.flatMap((index) => rows[index] ?? [])) {
      if (!facts || full.has(image.cloud_platform) || findEntryRefusal(image, facts)) continue;
      full.add(image.cloud_platform);
      const { cloud_platform: cloudPlatform, cloud_location: cloudLocation } = image;
      const change = { roleId: id, cloudPlatform, cloudLocation, newImageId: image.id };
      await setRoleImage(db, { ...change, oldImageId: null }, { at: new Date(), by: 'test' });
    }
  }
  return ids;
}

async function insertCategory(at: PlaceName, name: string): Promise<number> {
  const { id } = await database.db
    .insertInto('role_categories')
    .values({ name, ...placeColumns(tenant[at]) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function buildFarms({ images, roles }: Estate, built: Built): Promise<void> {
  const { db } = database;
  for (const [index, role] of roles.entries()) {
    const id = built.roles[index] ?? 0;
    const held = await db
      .selectFrom('role_images')
      .where('role_id', '=', id)
      .where('cloud_platform', '=', 'ec2')
      .select('image_id')
      .executeTakeFirst();
    if (!held || !role.farm) continue;
    const at = role.at === 'otherEnvironment' ? tenant.otherEnvironment : tenant.environment;
    const { farmRoleId } = await insertFarm(db, at, id);
    // Clocks differ in how fine they are: the farm came before its role may be deprecated.
    const added_at = new Date(Date.now() - 60_000);
    await db.updateTable('farm_roles').set({ added_at }).where('id', '=', farmRoleId).execute();
    if (images[built.images.indexOf(held.image_id)]?.servers)
      await insertServers(db, farmRoleId, held.image_id, 2);
  }
}

/** The lives of images and roles, as an administrator leads them. */
async function live(estate: Estate, built: Built): Promise<void> {
  const admin = tenant.corporateAdmin;
  for (const [index, role] of estate.roles.entries()) {
    const replacement = role.insteadOfIt === undefined ? undefined : built.roles[role.insteadOfIt];
    const params = { roleId: built.roles[index] ?? 0 };
    const body = { deprecate: true, ...(replacement !== undefined && { replacement }) };
    if (role.deprecated)
      await attempt(admin.call('roleDeprecate', tenant[role.at], { params, body }));
  }
  const { at, from, to } = estate.replacement;
  const [imageId, newImage] = [built.images[from], built.images[to]];
  if (imageId !== undefined && newImage !== undefined) {
    const input = { params: { imageId }, body: { newImage } };
    const done = await attempt(admin.call('imageReplace', tenant[at], input));
    const replacement = done?.meta?.replacement;
    if (replacement) built.replacements.push(replacement.id);
  }
  for (const [index, image] of estate.images.entries()) await liveImage(image, index, built);
}

async function liveImage(image: Estate['images'][number], index: number, built: Built) {
  const admin = tenant.corporateAdmin;
  const [at, id] = [tenant[image.at], built.images[index] ?? ''];
  const params = { imageId: id };
  const replacement = image.insteadOfIt === undefined ? undefined : built.images[image.insteadOfIt];
  const body = { deprecate: true, ...(replacement !== undefined && { replacement }) };
  if (image.fate === 'copied') {
    const to = { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' } as const;
    const copy = await attempt(admin.call('imageCopy', at, { params, body: to }));
    if (copy) built.images.push(copy.data.id);
  }
  if (image.deprecated) await attempt(admin.call('imageDeprecate', at, { params, body }));
  if (image.fate === 'deleted from its cloud')
    await attempt(admin.call('imageDelete', at, { params, query: { deleteFromCloud: true } }));
  const { db } = database;
  const held = await db
    .selectFrom('role_images')
    .where('image_id', '=', id)
    .select('role_id')
    .execute();
  if (image.fate === 'failed' && held.length === 0)
    await db.updateTable('images').set({ status: 'failed' }).where('id', '=', id).execute();
}

async function build(estate: Estate): Promise<Built> {
  await undoesChanges(false);
  const made = await buildImages(estate);
  const roles = await buildRoles(estate, made.images);
  const built: Built = { ...made, roles, replacements: [] };
  await buildFarms(estate, built);
  await live(estate, built);
  return built;
}

const said = (verdict: Verdict) => (verdict.allowed ? '-' : (verdict.code ?? '?'));
const levels = { scalr: 'global', account: 'account', environment: 'user' } as const;

/** Whether a level has an operation; where it does not, the action must never be possible. */
function exists(operation: OperationId, at: ScopeRef): boolean {
  const spec: OperationSpec = operations[operation];
  return spec.levels.includes(levels[at.scope]);
}

/** Several inputs are tried in turn: the action is possible if one of them is. */
type Call = [operation: OperationId, ...inputs: object[]];

/** Every scope that a demotion may go to, as its body names it: an account without anything is among them. */
const downwards = (at: ScopeRef, more: object = {}) =>
  (at.scope === 'scalr'
    ? [{ accountId: tenant.account.accountId }, { accountId: elsewhere.account.accountId }]
    : [tenant.environment, tenant.otherEnvironment].map(({ environmentId: envId }) => ({ envId }))
  ).map((body) => ({ ...body, ...more }));

/** For each action on an image, the call that asks for it and leaves nothing else to refuse. */
async function imageCalls(
  image: Image,
  at: ScopeRef,
): Promise<Record<keyof NonNullable<Image['actions']>, Call>> {
  const params = { imageId: image.id };
  const values = {
    cloud_platform: image.cloudPlatform,
    cloud_location: image.cloudLocation,
    os_id: image.os.id,
    architecture: image.architecture,
  };
  const newImage = (await insertImage(database.db, at, values)).id;
  const role = await insertRole(database.db, at, [], {
    os_id: image.os.id,
    use_scalr_agent: false,
    builtin_automation: [],
  });
  const calls = {
    update: ['imageUpdate', { params, body: { description: randomName('x') } }],
    promote: ['imagePromote', { params, body: { merge: true } }],
    demote: ['imageDemote', ...downwards(at).map((body) => ({ params, body }))],
    replace: ['imageReplace', { params, body: { newImage, onIncompatible: 'skip' } }],
    copy: ['imageCopy', { params, body: { cloudPlatform: 'ec2', cloudLocation: 'sa-east-1' } }],
    deprecate: ['imageDeprecate', { params, body: { deprecate: true, reason: randomName('x') } }],
    protect: ['imageProtect', { params, body: { reason: randomName('x') } }],
    delete: ['imageDelete', { params }],
    deleteFromCloud: ['imageDelete', { params, query: { deleteFromCloud: true } }],
    addToRole: ['roleImageCreate', { params: { roleId: role.id }, body: { image: image.id } }],
    try: ['imageTry', { params, body: firstServer() }],
    move: ['rolloutPlan', { body: { image: image.id } }],
  };
  return calls as Record<keyof typeof calls, Call>;
}

/** What a first server takes: a role and a farm of its own, in a place that any image can be in. */
function firstServer() {
  const newRole = { name: randomName('role'), category: 1 };
  return { newRole, newFarm: { name: randomName('farm') }, cloudLocation: 'us-east-1' };
}

/** For each action on a set, the call that leaves out what is refused: the action is possible if some is left. */
async function setCalls(
  set: ImageSet,
  at: ScopeRef,
  images: readonly string[],
): Promise<Record<keyof NonNullable<ImageSet['actions']>, Call>> {
  const params = { imageSetId: set.id };
  const onRefusal = 'skip';
  const values = { os_id: set.os.id, use_scalr_agent: false, builtin_automation: [] };
  const role = (await insertRole(database.db, at, [], values)).id;
  const places = [{ cloudPlatform: 'ec2', cloudLocation: 'sa-east-1' }];
  // Where several of it can be tried, one has to be named.
  const tried = [{}, ...images.map((image) => ({ image }))];
  const calls = {
    update: ['imageSetUpdate', { params, query: { onRefusal }, body: { description: 'x' } }],
    promote: ['imageSetPromote', { params, body: { onRefusal, merge: true } }],
    demote: ['imageSetDemote', ...downwards(at, { onRefusal }).map((body) => ({ params, body }))],
    copy: ['imageSetCopy', { params, body: { onRefusal, places } }],
    deprecate: ['imageSetDeprecate', { params, body: { onRefusal, reason: randomName('x') } }],
    protect: ['imageSetProtect', { params, body: { onRefusal, reason: randomName('x') } }],
    delete: ['imageSetDelete', { params, query: { onRefusal } }],
    deleteFromCloud: ['imageSetDelete', { params, query: { onRefusal, deleteFromCloud: true } }],
    addToRole: ['imageSetAddToRole', { params, body: { onRefusal, role } }],
    move: ['rolloutPlan', { body: { imageSet: set.id } }],
    try: ['imageSetTry', ...tried.map((one) => ({ params, body: { ...firstServer(), ...one } }))],
  };
  return calls as Record<keyof typeof calls, Call>;
}

async function roleCalls(
  role: Role,
  at: ScopeRef,
): Promise<Record<keyof NonNullable<Role['actions']>, Call>> {
  const params = { roleId: role.id };
  const values = { os_id: role.os.id, cloud_platform: 'openstack', cloud_location: 'elsewhere' };
  const image = (await insertImage(database.db, at, values)).id;
  const calls = {
    update: ['roleUpdate', { params, body: { description: randomName('x') } }],
    addImage: ['roleImageCreate', { params, body: { image } }],
    promote: ['rolePromote', { params, body: { merge: true } }],
    demote: ['roleDemote', ...downwards(at).map((body) => ({ params, body }))],
    clone: ['roleClone', { params, body: { name: randomName('clone') } }],
    deprecate: ['roleDeprecate', { params, body: { deprecate: true, reason: randomName('x') } }],
    delete: ['roleDelete', { params }],
  };
  return calls as Record<keyof typeof calls, Call>;
}

/** What was seen, so that the test can show that it saw every kind of answer. */
const seen = new Map<string, number>();

async function compare(
  { client, at }: { client: Client; at: ScopeRef },
  what: string,
  verdicts: Record<string, Verdict>,
  calls: Record<string, Call>,
): Promise<void> {
  const [expected, actual]: [object, object] = [{}, {}];
  for (const [action, verdict] of Object.entries(verdicts)) {
    const [operation, ...inputs] = calls[action] ?? ['imageGet', {}];
    const code = said(verdict);
    const outcomes = new Set<string>();
    for (const input of exists(operation, at) ? inputs : [])
      outcomes.add(
        await outcomeOf(client.call(operation, at, input as CallInput<typeof operation>)),
      );
    // Where nothing needs the object outside a scope, that scope's refusal is the one that counts.
    const outcome =
      ['-', 'UnicityViolation'].find((one) => outcomes.has(one)) ??
      [...outcomes][0] ??
      code.replace('-', 'nothing to call');
    Object.assign(expected, { [action]: code });
    Object.assign(actual, { [action]: outcome });
    const kind = `${what}.${action}: ${code}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
  }
  expect(expected, `verdicts on ${what} for ${client.email} at ${at.scope}`).toEqual(actual);
}

async function check(estate: Estate): Promise<void> {
  const built = await build(estate);
  const at = tenant[estate.from];
  const client = people[estate.who];
  if (!client) throw new Error('nobody');
  const query = { include: 'actions' };
  await undoesChanges(true);
  for (const imageId of built.images) {
    const image = await attempt(client.call('imageGet', at, { params: { imageId }, query }));
    if (!image) continue;
    const calls = await imageCalls(image.data, at);
    await compare({ client, at }, 'image', image.data.actions ?? {}, calls);
  }
  const sets = await attempt(client.call('imageSetList', at, { query }));
  for (const set of (sets?.data ?? []).filter(({ name }) => built.versions.includes(name)))
    await compare({ client, at }, 'set', set.actions ?? {}, await setCalls(set, at, built.images));
  for (const roleId of built.roles) {
    const role = await attempt(client.call('roleGet', at, { params: { roleId }, query }));
    if (!role) continue;
    await compare({ client, at }, 'role', role.data.actions ?? {}, await roleCalls(role.data, at));
  }
  for (const replacementId of built.replacements) {
    const params = { replacementId };
    const replacement = await attempt(client.call('replacementGet', at, { params }));
    if (!replacement) continue;
    const { rollBack } = replacement.data;
    const calls: Record<string, Call> = { rollBack: ['replacementRollBack', { params, body: {} }] };
    await compare({ client, at }, 'replacement', { rollBack }, calls);
  }
  await undoesChanges(false);
}

const image = (values: Partial<Estate['images'][number]>): Estate['images'][number] => ({
  at: 'environment',
  version: 0,
  cloudImage: 0,
  platform: 'ec2',
  os: 'ubuntu-24-04',
  agent: true,
  deprecated: false,
  insteadOfIt: undefined,
  fate: 'active',
  servers: false,
  ...values,
});
const role = (values: Partial<Estate['roles'][number]>): Estate['roles'][number] => ({
  at: 'environment',
  name: 0,
  useScalrAgent: true,
  ownCategory: false,
  held: [],
  deprecated: false,
  insteadOfIt: undefined,
  farm: false,
  ...values,
});
const known = (values: Partial<Estate>): [Estate] => [
  {
    images: [],
    roles: [],
    categoryAbove: false,
    replacement: { at: 'account', from: 0, to: 0 },
    who: everybody.length - 1,
    from: 'environment',
    ...values,
  },
];

/** Estates of which verdict and call once said different things. */
const examples = [
  known({ roles: [role({}), role({ at: 'otherEnvironment' })] }),
  known({
    images: [image({ deprecated: true, insteadOfIt: 1 }), image({ version: 1, cloudImage: 1 })],
  }),
  known({ roles: [role({ deprecated: true, insteadOfIt: 1 }), role({ name: 1 })] }),
  known({ roles: [role({ ownCategory: true })] }),
  known({ images: [image({}), image({ at: 'account', deprecated: true })] }),
  known({ images: [image({ at: 'account' })], roles: [role({ at: 'account' })], who: viewer }),
];

test('the verdict on an action is what the call then says', async () => {
  const property = fc.asyncProperty(anEstate, check);
  await fc.assert(property, { numRuns: full ? 1500 : 60, examples, endOnFailure: true });
  // A property over estates in which nothing is refused would prove nothing.
  const codes = ['-', 'PermissionViolation', 'ScopeViolation'];
  for (const code of [...codes, 'UnicityViolation', 'UnacceptableState'])
    for (const kind of ['image', 'role', 'set'])
      expect(seen.get(`${kind}.promote: ${code}`), `${kind} ${code}`).toBeGreaterThan(0);
});

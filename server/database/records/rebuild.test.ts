import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';
import { foldLog } from './fold.ts';
import { findStateProblems } from './state-check.ts';

// Images, roles, what stands in roles, farms and farm roles are rebuilt from the log alone, whatever was done to them.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();
let t: Tenant;
beforeAll(async () => {
  t = await createTenant(database.db);
});

const kinds = ['image', 'role', 'roleImage', 'farm', 'farmRole'] as const;

/** Which of the objects there are, and at which scope. */
interface Pick {
  at: number;
  a: number;
  b: number;
}
type Act = (pick: Pick, world: World) => Promise<unknown>;

interface World {
  images: string[];
  roles: number[];
  farms: number[];
  farmRoles: number[];
}

const scopeOf = ({ at }: Pick): ScopeRef =>
  [t.corporate, t.account, t.account, t.environment][at % 4] as ScopeRef;
const one = <T>(of: readonly T[], nth: number): T => of[nth % of.length] as T;
const who = () => t.corporateAdmin;

async function whereIs(table: 'images' | 'roles', id: string | number): Promise<ScopeRef> {
  const { rows } = await sql<{ scope: string; account_id: number; environment_id: number }>`
    SELECT scope, account_id, environment_id FROM ${sql.table(table)} WHERE id::text = ${String(id)}`.execute(
    database.db,
  );
  const { scope, account_id: accountId, environment_id: environmentId } = rows[0] ?? {};
  if (scope === 'environment') return { scope, accountId, environmentId } as ScopeRef;
  return scope === 'account' ? ({ scope, accountId } as ScopeRef) : t.corporate;
}

const ofImage = async ({ a }: Pick, world: World) => {
  const imageId = one(world.images, a);
  return { imageId, at: await whereIs('images', imageId) };
};
const ofRole = async ({ a }: Pick, world: World) => {
  const roleId = one(world.roles, a);
  return { roleId, at: await whereIs('roles', roleId) };
};

const acts: Record<string, Act> = {
  async imageCreate(pick, world) {
    const body = {
      name: randomName('image'),
      cloudPlatform: 'ec2',
      cloudLocation: one(['us-east-1', 'eu-west-1'], pick.b),
      cloudImageId: randomName('ami'),
      os: 'ubuntu-24-04',
      architecture: 'x86_64',
    } as const;
    world.images.push((await who().call('imageCreate', scopeOf(pick), { body })).data.id);
  },
  async imageUpdate(pick, world) {
    const { at, imageId } = await ofImage(pick, world);
    const body = { name: randomName('renamed') };
    await who().call('imageUpdate', at, { params: { imageId }, body });
  },
  async imageDeprecate(pick, world) {
    const { at, imageId } = await ofImage(pick, world);
    const body = { deprecate: pick.b % 3 > 0, replacement: one(world.images, pick.b) };
    await who().call('imageDeprecate', at, {
      params: { imageId },
      body: pick.b % 3 > 0 ? body : { deprecate: false },
    });
  },
  async imageDelete(pick, world) {
    const { at, imageId } = await ofImage(pick, world);
    await who().call('imageDelete', at, { params: { imageId } });
  },
  async imagePromote(pick, world) {
    const { at, imageId } = await ofImage(pick, world);
    await who().call('imagePromote', at, { params: { imageId }, body: { merge: true } });
  },
  async imageDemote(pick, world) {
    const { at, imageId } = await ofImage(pick, world);
    const body =
      at.scope === 'scalr'
        ? { accountId: t.account.accountId }
        : { envId: t.environment.environmentId };
    await who().call('imageDemote', at, { params: { imageId }, body });
  },
  async imageReplace(pick, world) {
    const { at, imageId } = await ofImage(pick, world);
    const body = { newImage: one(world.images, pick.b), deprecateOldImage: pick.b % 2 === 0 };
    await who().call('imageReplace', at, { params: { imageId }, body });
  },
  async rollBack(pick) {
    const { rows } = await sql<{ id: string }>`SELECT id FROM replacements ORDER BY at`.execute(
      database.db,
    );
    const replacementId = one(rows, pick.a)?.id;
    if (replacementId === undefined) throw new ApiError('ObjectNotFound', 'Nothing was replaced.');
    await who().call('replacementRollBack', scopeOf(pick), { params: { replacementId }, body: {} });
  },
  async roleCreate(pick, world) {
    const body = { name: randomName('role'), category: 1, os: 'ubuntu-24-04' };
    world.roles.push((await who().call('roleCreate', scopeOf(pick), { body })).data.id);
  },
  async roleUpdate(pick, world) {
    const { at, roleId } = await ofRole(pick, world);
    await who().call('roleUpdate', at, {
      params: { roleId },
      body: { description: randomName('is') },
    });
  },
  async roleDeprecate(pick, world) {
    const { at, roleId } = await ofRole(pick, world);
    const body =
      pick.b % 2
        ? { deprecate: true, replacement: one(world.roles, pick.b) }
        : { deprecate: false };
    await who().call('roleDeprecate', at, { params: { roleId }, body });
  },
  async roleClone(pick, world) {
    const { at, roleId } = await ofRole(pick, world);
    const body = { name: randomName('copy') };
    world.roles.push((await who().call('roleClone', at, { params: { roleId }, body })).data.id);
  },
  async roleDelete(pick, world) {
    const { at, roleId } = await ofRole(pick, world);
    await who().call('roleDelete', at, { params: { roleId } });
  },
  async rolePromote(pick, world) {
    const { at, roleId } = await ofRole(pick, world);
    await who().call('rolePromote', at, { params: { roleId }, body: { merge: true } });
  },
  async roleImageCreate(pick, world) {
    const { at, roleId } = await ofRole(pick, world);
    const body = { image: one(world.images, pick.b) };
    await who().call('roleImageCreate', at, { params: { roleId }, body });
  },
  async roleImageDelete(pick, world) {
    const { at, roleId } = await ofRole(pick, world);
    const imageId = one(world.images, pick.b);
    await who().call('roleImageDelete', at, { params: { roleId, imageId } });
  },
  async farmCreate(_pick, world) {
    const body = { name: randomName('farm') };
    world.farms.push((await who().call('farmCreate', t.environment, { body })).data.id);
  },
  async farmUpdate({ a }, world) {
    const params = { farmId: one(world.farms, a) };
    await who().call('farmUpdate', t.environment, { params, body: { name: randomName('farm') } });
  },
  async farmLock({ a, b }, world) {
    const params = { farmId: one(world.farms, a) };
    if (b % 2) await who().call('farmLock', t.environment, { params, body: {} });
    else await who().call('farmUnlock', t.environment, { params });
  },
  async farmLaunch({ a, b }, world) {
    const params = { farmId: one(world.farms, a) };
    const id = one(['farmLaunch', 'farmTerminate', 'farmSuspend', 'farmResume'] as const, b);
    await who().call(id, t.environment, { params });
  },
  async farmClone({ a }, world) {
    const params = { farmId: one(world.farms, a) };
    const body = { name: randomName('farm') };
    world.farms.push((await who().call('farmClone', t.environment, { params, body })).data.id);
  },
  async farmDelete({ a }, world) {
    await who().call('farmDelete', t.environment, { params: { farmId: one(world.farms, a) } });
  },
  async farmRoleCreate({ a, b }, world) {
    const body = {
      alias: randomName('web'),
      role: one(world.roles, b),
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      instanceType: 'm7g.large',
    } as const;
    const params = { farmId: one(world.farms, a) };
    const made = await who().call('farmRoleCreate', t.environment, { params, body });
    world.farmRoles.push(made.data.id);
  },
  async farmRoleUpdate({ a, b }, world) {
    const params = { farmRoleId: one(world.farmRoles, a) };
    const body = { scaling: { enabled: true, minInstances: b % 3, maxInstances: 3 } };
    await who().call('farmRoleUpdate', t.environment, { params, body });
  },
  async farmRoleDelete({ a }, world) {
    const params = { farmRoleId: one(world.farmRoles, a) };
    await who().call('farmRoleDelete', t.environment, { params });
  },
};

/** So that there is something to act on. */
const beginning = [
  'imageCreate',
  'imageCreate',
  'imageCreate',
  'roleCreate',
  'roleImageCreate',
  'farmCreate',
  'farmRoleCreate',
  'imageReplace',
];
const number = fc.nat(40);
const history = fc.array(
  fc.record({
    act: fc.constantFrom(...Object.keys(acts)),
    pick: fc.record({ at: number, a: number, b: number }),
  }),
  { minLength: 60, maxLength: 120 },
);

/** Does it, unless the rules of Slipway refuse it. @returns whether it was done */
async function carryOut(act: Act, pick: Pick, world: World): Promise<boolean> {
  try {
    await act(pick, world);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) return false;
    throw error;
  }
}

test('a random history leaves what the log alone rebuilds', async () => {
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const world: World = { images: [], roles: [], farms: [], farmRoles: [] };
      for (const [nth, name] of beginning.entries())
        await acts[name]?.({ at: 1, a: 0, b: nth < 7 ? 0 : 1 }, world);
      for (const { act, pick: picked } of steps) {
        const carriedOut = acts[act];
        if (world.farmRoles.length === 0 && /^farmRole(Update|Delete)/.test(act)) continue;
        if (carriedOut && (await carryOut(carriedOut, picked, world)))
          done.set(act, (done.get(act) ?? 0) + 1);
      }
      const problems = await database.db
        .transaction()
        .execute((tx) => findStateProblems(tx, new Map()));
      expect(
        problems.filter(({ object }) => kinds.some((kind) => object.startsWith(`${kind}:`))),
      ).toEqual([]);
    }),
    { numRuns: full ? 40 : 4, endOnFailure: true },
  );
  // Most of what can be done was done.
  expect(done.size).toBeGreaterThan(18);
  expect(await countRebuilt()).toEqual(await countThere());
});

/** How many objects of each kind the log alone leads to. */
async function countRebuilt(): Promise<Record<string, number>> {
  return database.db.transaction().execute(async (tx) => {
    await foldLog(tx, new Map());
    const { rows } = await sql<{ kind: string; count: number }>`
      SELECT kind, count(*) FROM folded WHERE kind = ANY (${[...kinds]}::text[]) GROUP BY kind`.execute(
      tx,
    );
    const counted = rows.map(({ kind, count }) => [kind, count] as const);
    return Object.fromEntries([...kinds.map((kind) => [kind, 0] as const), ...counted]);
  });
}

/** The same, as the tables have it. */
async function countThere(): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`
    SELECT (SELECT count(*) FROM images WHERE deleted_at IS NULL) AS image,
      (SELECT count(*) FROM roles WHERE deleted_at IS NULL) AS role,
      (SELECT count(*) FROM role_images) AS "roleImage",
      (SELECT count(*) FROM farms) AS farm, (SELECT count(*) FROM farm_roles) AS "farmRole"`.execute(
    database.db,
  );
  return rows[0] ?? {};
}

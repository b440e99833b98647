import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Blocker, Clearing } from '#contract/blockers.ts';
import { ApiError } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../../testing/factories.ts';
import { settleServers } from '../../testing/fleet.ts';
import { type CallInput, createTenant, type Tenant } from '../../testing/harness.ts';

// What a preview lists is exactly what keeps something from being deleted: while any of it is left, the deletion is
// refused, and with the last of it, cleared as the list says, it succeeds.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const numRuns = full ? 500 : 40;
const database = withDatabase();
let t: Tenant;
beforeAll(async () => {
  t = await createTenant(database.db);
});

const aUse = fc.record({
  at: fc.constantFrom('corporate' as const, 'account' as const, 'environment' as const),
  holds: fc.boolean(),
  farms: fc.array(
    fc.record({
      at: fc.constantFrom('environment' as const, 'otherEnvironment' as const),
      locked: fc.boolean(),
      servers: fc.constantFrom(
        undefined,
        'running',
        'suspended',
        'terminated',
        'pending_terminate',
      ),
    }),
    { maxLength: 2 },
  ),
});
const estate = fc.record({
  uses: fc.array(aUse, { maxLength: 3 }),
  /** In which order it is cleared. */
  order: fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
});
type Use = typeof aUse extends fc.Arbitrary<infer Value> ? Value : never;

async function build(uses: readonly Use[]) {
  const { db } = database;
  const image = await insertImage(db, t.corporate);
  const roles: number[] = [];
  for (const use of uses) {
    const other = await insertImage(db, t.corporate);
    const role = await insertRole(db, t[use.at], [use.holds ? image.id : other.id]);
    roles.push(role.id);
    for (const farm of use.farms) {
      const at = use.at === 'environment' ? t.environment : t[farm.at];
      const { farmId, farmRoleId } = await insertFarm(db, at, role.id);
      if (farm.servers) await insertServers(db, farmRoleId, image.id, 1, farm.servers);
      const lock = {
        locked_at: new Date(),
        locked_by: 'x',
        lock_comment: '',
        unlock_permission: 'anyone' as const,
      };
      if (farm.locked) await db.updateTable('farms').set(lock).where('id', '=', farmId).execute();
    }
  }
  return { imageId: image.id, roles };
}

const scopeOf = ({ accountId, envId }: Clearing): ScopeRef => {
  if (accountId === null) return t.corporate;
  return envId === null
    ? { scope: 'account', accountId }
    : { scope: 'environment', accountId, environmentId: envId };
};

/** Does what a blocker says that clears it; what is only waited for comes to its end. */
async function clear(blocker: Blocker): Promise<void> {
  const { db } = database;
  if (blocker.clearBy?.length === 0)
    await db
      .updateTable('servers')
      .set({ status: 'terminated' })
      .where('id', '=', String(blocker.id))
      .execute();
  for (const step of blocker.clearBy ?? []) {
    const at = scopeOf(step);
    const body =
      step.operation === 'roleImageReplace' ? { image: (await insertImage(db, at)).id } : undefined;
    const input = { params: step.params, ...(body && { body }) };
    await t.corporateAdmin.call(step.operation, at, input as unknown as CallInput<OperationId>);
  }
  await settleServers(db);
}

const keyOf = ({ type, id }: Blocker) => `${type} ${id}`;

/** Clears one after the other, in a random order, and deletes in between: refused until nothing is left. */
async function clearAll(
  list: () => Promise<{ allowed: boolean; blockers: Blocker[] }>,
  remove: () => Promise<unknown>,
  order: readonly number[],
): Promise<number> {
  let before: Set<string> | undefined;
  for (const [step, pick] of order.entries()) {
    const { allowed, blockers } = await list();
    expect(allowed).toBe(blockers.length === 0);
    const now = new Set(blockers.map(keyOf));
    const known = before ?? now;
    expect(
      before === undefined || (now.size < before.size && [...now].every((key) => known.has(key))),
    ).toBe(true);
    before = now;
    const blocker = blockers[pick % Math.max(blockers.length, 1)];
    if (!blocker) {
      await remove();
      return step;
    }
    const refusal = await remove().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({ code: 'ObjectInUse' });
    await clear(blocker);
  }
  throw new Error('There is more in the way than there could be');
}

test('an image that a farm needs is to be replaced in its role, and taken out of any other', async () => {
  const { db } = database;
  const image = await insertImage(db, t.environment);
  const [needed, free] = [
    await insertRole(db, t.environment, [image.id]),
    await insertRole(db, t.environment, [image.id]),
  ];
  await insertFarm(db, t.environment, needed.id);
  const { data } = await t.corporateAdmin.call('imageDeletePreview', t.environment, {
    params: { imageId: image.id },
  });
  const steps = data.blockers.map(({ type, clearBy }) => [
    type,
    clearBy?.map(({ operation, params }) => [operation, params.roleId]),
  ]);
  expect(steps).toEqual([
    ['role', [['roleImageReplace', needed.id]]],
    ['role', [['roleImageDelete', free.id]]],
    ['farmRole', [['roleImageReplace', needed.id]]],
  ]);
});

test('clearing exactly what is listed lets an image be deleted', async () => {
  let most = 0;
  const property = fc.asyncProperty(estate, async ({ uses, order }) => {
    const { imageId } = await build(uses);
    const params = { imageId };
    const admin = t.corporateAdmin;
    const cleared = await clearAll(
      async () => (await admin.call('imageDeletePreview', t.corporate, { params })).data,
      () => admin.call('imageDelete', t.corporate, { params }),
      order,
    );
    most = Math.max(most, cleared);
  });
  await fc.assert(property, { numRuns, endOnFailure: true });
  expect(most).toBeGreaterThan(2);
});

test('clearing exactly what is listed lets a role be deleted', async () => {
  let most = 0;
  const property = fc.asyncProperty(estate, async ({ uses, order }) => {
    const { roles } = await build(uses);
    const [roleId, use] = [roles[0], uses[0]];
    if (roleId === undefined || !use) return;
    const at = t[use.at];
    const params = { roleId };
    const admin = t.corporateAdmin;
    const cleared = await clearAll(
      async () => (await admin.call('roleDeletePreview', at, { params })).data,
      () => admin.call('roleDelete', at, { params }),
      order,
    );
    most = Math.max(most, cleared);
  });
  await fc.assert(property, { numRuns, endOnFailure: true });
  expect(most).toBeGreaterThan(1);
});

import { type RawBuilder, sql } from 'kysely';
import { scopeOf } from '../../domain/scopes.ts';
import { randomName } from '../harness.ts';
import { below, one, pick, type Picked, type PickedRole, type World } from './world.ts';

// What clients do with versions: acts on sets, and replacements that are planned first.

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
  const deprecateOldImage = Math.random() < 0.3;
  const params = { imageSetId: set.id };
  await world.client.call('imageSetAddToRole', scopeOf(role), {
    params,
    body: { ...body, deprecateOldImage },
  });
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

async function plan(world: World): Promise<void> {
  const sets = await pickSets(world);
  if (!sets) return;
  const body = {
    oldImageSet: sets.from.id,
    newImageSet: sets.to.id,
    onIncompatible: 'skip' as const,
  };
  await world.client.call('replacementPlan', scopeOf(sets.from), { body });
}

const pickReplacement = (world: World, state: 'planned' | 'applied') =>
  pick<Picked>(
    world,
    'replacements',
    sql`x.state = ${state} AND x.at > (SELECT max(at) FROM replacements) - interval '2 seconds'`,
  );

/** What somebody else has planned a moment ago, as it was or as it is now. */
async function applyPlan(world: World): Promise<void> {
  const made = await pickReplacement(world, 'planned');
  if (!made) return;
  const [at, params] = [scopeOf(made), { replacementId: made.id }];
  const { data } = await world.client.call('replacementGet', at, { params });
  const digest = Math.random() < 0.5 ? data.plan?.digest : undefined;
  await world.client.call('replacementApply', at, {
    params,
    ...(digest !== undefined && { digest }),
  });
}

async function changePlan(world: World): Promise<void> {
  const made = await pickReplacement(world, 'planned');
  if (!made) return;
  const [at, params] = [scopeOf(made), { replacementId: made.id }];
  if (Math.random() < 0.5) await world.client.call('replacementCancel', at, { params });
  else await world.client.call('replacementReplan', at, { params, body: { reason: 'anew' } });
}

async function rollBackOneRole(world: World): Promise<void> {
  const made = await pickReplacement(world, 'applied');
  if (!made) return;
  const [at, params] = [scopeOf(made), { replacementId: made.id }];
  const { data } = await world.client.call('replacementRollBackPreview', at, { params });
  const roles = data.roleList.slice(0, 1).map(({ id }) => id);
  if (roles.length > 0)
    await world.client.call('replacementRollBack', at, { params, body: { roles } });
}

async function readReplacement(world: World): Promise<void> {
  const made = await pick<Picked>(world, 'replacements');
  if (!made) return;
  await world.client.call('replacementGet', scopeOf(made), { params: { replacementId: made.id } });
}

export const setChanges = {
  deprecateSet,
  renameSet,
  addSetToRole,
  promoteSet,
  demoteSet,
  deleteSet,
  replaceSet,
  planApplyAndRollBackInPart,
  plan,
  applyPlan,
  changePlan,
  rollBackOneRole,
  readReplacement,
};

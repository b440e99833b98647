import { sql } from 'kysely';
import { type Scope, scopes } from '#contract/scope.ts';
import { scopeOf, type ScopedRow } from '../../domain/scopes.ts';
import { type CallInput, randomName } from '../harness.ts';
import {
  anyScope,
  below,
  fitting,
  one,
  pick,
  type Picked,
  type PickedRole,
  pickLink,
  used,
  type World,
} from './world.ts';

// What clients do with single images and roles.

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

/** Where something could go, one scope down. */
function targetBelow(world: World, { scope, account_id: id }: ScopedRow) {
  const owner = world.tenants.find(({ account }) => account.accountId === id);
  const { account, environment } = owner ?? one(world.tenants);
  return scope === 'scalr'
    ? { accountId: account.accountId }
    : { envId: environment.environmentId };
}

async function demoteImage(world: World): Promise<void> {
  const named = sql`EXISTS (SELECT FROM replacement_pairs p WHERE x.id IN (p.old_image_id, p.new_image_id))`;
  const idle = sql`x.scope <> 'environment' AND NOT ${used} AND NOT ${named}`;
  const image = await pick<Picked>(world, 'images', idle);
  if (!image) return;
  const [params, body] = [{ imageId: image.id }, targetBelow(world, image)];
  await world.client.call('imageDemote', scopeOf(image), { params, body });
}

async function demoteRole(world: World): Promise<void> {
  const idle = sql`x.scope <> 'environment' AND NOT EXISTS (SELECT FROM farm_roles fr WHERE fr.role_id = x.id)
    AND NOT EXISTS (SELECT FROM replacement_roles rr WHERE rr.role_id = x.id)`;
  const role = await pick<PickedRole>(world, 'roles', idle);
  if (!role) return;
  const [params, body] = [{ roleId: role.id }, targetBelow(world, role)];
  await world.client.call('roleDemote', scopeOf(role), { params, body });
}

async function editRole(world: World): Promise<void> {
  const role = await pick<PickedRole>(world, 'roles');
  if (!role) return;
  const body = { name: randomName('role'), description: randomName('text') };
  await world.client.call('roleUpdate', scopeOf(role), { params: { roleId: role.id }, body });
}

async function deprecateRole(world: World): Promise<void> {
  const role = await pick<PickedRole>(world, 'roles');
  if (!role) return;
  const [params, body] = [{ roleId: role.id }, { deprecate: Math.random() < 0.3 }];
  await world.client.call('roleDeprecate', scopeOf(role), { params, body });
}

/** Clears what stands in the way of a deletion as its preview says, and deletes. */
async function clearAndDelete(world: World): Promise<void> {
  // What farms need takes many steps to clear, and others get in between.
  const needed = sql`EXISTS (SELECT FROM role_images ri JOIN farm_roles fr USING (role_id) WHERE ri.image_id = x.id)`;
  const some = Math.random() < 0.8 ? sql`${used} AND NOT ${needed}` : used;
  const image = await pick<Picked>(world, 'images', some);
  if (!image) return;
  const [at, params] = [scopeOf(image), { imageId: image.id }];
  const { data } = await world.client.call('imageDeletePreview', at, { params });
  for (const step of data.blockers.flatMap((blocker) => blocker.clearBy ?? [])) {
    const { accountId: account_id, envId: environment_id, operation } = step;
    const where = scopeOf({ scope: step.scope, account_id, environment_id });
    const other =
      operation === 'roleImageReplace' && (await pick<Picked>(world, 'images', fitting()));
    const input = { params: step.params, ...(other && { body: { image: other.id } }) };
    await world.client.call(operation, where, input as unknown as CallInput<typeof operation>);
  }
  await world.client.call('imageDelete', at, { params });
}

/** From its own scope, or from one below that sees it. */
const seenFrom = (world: World, row: ScopedRow) =>
  row.scope === 'scalr' && Math.random() < 0.5 ? anyScope(world) : scopeOf(row);

async function readImage(world: World): Promise<void> {
  const image = await pick<Picked>(world, 'images');
  if (!image) return;
  await world.client.call('imageGet', seenFrom(world, image), { params: { imageId: image.id } });
}

async function readRole(world: World): Promise<void> {
  const role = await pick<PickedRole>(world, 'roles');
  if (!role) return;
  const input = { params: { roleId: role.id }, query: { include: 'images' } };
  await world.client.call('roleGet', seenFrom(world, role), input);
}

export const objectChanges = {
  replaceImage,
  rollBack,
  attach,
  detach,
  replaceInRole,
  deprecate,
  promoteImage,
  promoteRole,
  demoteImage,
  demoteRole,
  editRole,
  deprecateRole,
  deleteImage,
  deleteRole,
  clearAndDelete,
  createImage,
  createRole,
  look,
  readImage,
  readRole,
};

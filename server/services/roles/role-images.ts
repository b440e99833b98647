import { ApiError } from '#contract/errors.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  hasHeldImage,
  removeRoleImage,
  type RoleImagePlace,
  setRoleImage,
} from '../../database/queries/roles/role-images.ts';
import { fetchRoleCells, roleImageListPlan } from '../../database/queries/roles/role-cells.ts';
import { fetchFarmRolesOf } from '../../database/queries/roles/role-usage.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { inOneTrip } from '../../database/connection/sent-ahead.ts';
import { isDeprecatedAt } from '../../domain/images/deprecations.ts';
import { atField, type Refusal } from '../../domain/refusal.ts';
import { findReplacementImageRefusal } from '../../domain/replacements/replacement-images.ts';
import { findEntryRefusal } from '../../domain/roles/role-images.ts';
import { scopeOf } from '../../domain/scopes.ts';
import { getOwnRole, getVisibleImage, getVisibleRole } from '../access.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { farmRoleBlockers, listedBlockers } from '../farms/farm-role-blockers.ts';
import { toImageAt, toRoleImage } from '../present.ts';
import { demandRemembered } from '../records/remembered.ts';
import { refuseIf } from '../refuse.ts';
import { replaceInRole } from '../replacements/replace-in-role.ts';

/** @throws ApiError ObjectNotFound; InvalidValue for a moment that records tell nothing of */
const listImages: Handler<'roleImageList'> = async (ctx, { params, query }) => {
  const role = await getVisibleRole(ctx, params.roleId);
  const sort = query.sort ?? 'cloudLocation';
  const at = await demandRemembered(ctx, query.at);
  // One that was promoted since was told of where it is seen from.
  const scopes = [scopeOf(role), ctx.scope];
  const plan = roleImageListPlan(role.id, query, sort, at && { at, scopes });
  const of = ['roleImageList', ctx.scope, role.id];
  const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
  const data = ids.map((id) => toRoleImage(role, { id }));
  if (!query.include?.includes('details')) return { data, page };
  const images = await fetchImages(ctx.tx, ids, ctx.scope, at);
  const details = new Map(images.map((row) => [row.id, toImageAt(row, ctx.scope)]));
  return { data: data.map((one) => ({ ...one, details: details.get(one.image.id) })), page };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, BadRequest for a taken place, and the rules of entering */
const addImage: Handler<'roleImageCreate'> = async (ctx, { params, body }) => {
  const [role, image, cells] = await inOneTrip(
    getRoleToChange(ctx, params.roleId, body),
    getNewImage(ctx, body.image.id),
    fetchRoleCells(ctx.tx, [params.roleId]),
  );
  const place = placeOf(role, image);
  const taken = cells.find(
    (cell) =>
      cell.cloud_platform === place.cloudPlatform && cell.cloud_location === place.cloudLocation,
  );
  if (taken)
    throw new ApiError(
      'BadRequest',
      `Role "${role.name}" has an image in ${describe(image)} already: "${taken.name}" (${taken.cloud_image_id}). Replace it instead.`,
      { field: 'image.id', blockers: [{ type: 'image', id: taken.id, name: taken.name }] },
    );
  refuseIf(atField(findEntryRefusal(image, role), 'image.id'));
  const change = { ...place, oldImageId: null, newImageId: image.id };
  await setRoleImage(ctx.tx, change, { at: ctx.now, by: ctx.actor });
  const after = toRoleImage(role, image);
  ctx.record({ kind: 'roleImage', after });
  return { data: after };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, and the rules of replacing and entering */
const replaceImage: Handler<'roleImageReplace'> = async (ctx, { params, body }) => {
  const [role, held, image] = await inOneTrip(
    getRoleToChange(ctx, params.roleId, body),
    findHeldImage(ctx, params),
    getNewImage(ctx, body.image.id),
  );
  const old = demandHeld(role, held, params.imageId);
  const place = placeOf(role, old);
  const allowDeprecated = await hasHeldImage(ctx.tx, place, image.id);
  refuseIf(inThisRole(findReplacementImageRefusal(old, image, { at: ctx.scope, allowDeprecated })));
  refuseIf(atField(findEntryRefusal(image, role, { allowDeprecated }), 'image.id'));
  if (isDeprecatedAt(image, ctx.scope))
    ctx.warn({
      code: 'Deprecated',
      message: `Image "${image.name}" is deprecated and stays so: it came back to a place that held it before, but it cannot enter others.`,
    });
  const swap = { oldImage: old, newImage: image, deprecates: false };
  const { replacement, others } = await replaceInRole(ctx, role, [swap]);
  ctx.record({ kind: 'replacement', after: replacement, others });
  return { data: toRoleImage(role, image) };
};

/** The replacement rules are worded for whole reaches: here the member is `image`, and nothing can be allowed. */
function inThisRole(refusal: Refusal | undefined): Refusal | undefined {
  if (refusal?.code !== 'ConfigurationMismatch') return atField(refusal, 'image.id');
  return {
    code: refusal.code,
    field: 'image.id',
    reason:
      'The two images are for different architectures, and instance types that run one may not run the other. Choose another image, or replace the old one with images/{imageId}/actions/replace/ and allowArchitectureChange.',
  };
}

/** @throws ApiError ObjectNotFound, ScopeViolation, ObjectInUse with the farm roles that need it */
const removeImage: Handler<'roleImageDelete'> = async (ctx, { params }) => {
  const [role, held] = await inOneTrip(
    getRoleToChange(ctx, params.roleId, {}),
    findHeldImage(ctx, params),
  );
  const image = demandHeld(role, held, params.imageId);
  const place = placeOf(role, image);
  const users = await fetchFarmRolesOf(ctx.tx, role.id, place, listedBlockers);
  if (users.total > 0)
    throw new ApiError(
      'ObjectInUse',
      `Farms run role "${role.name}" in ${describe(image)} and need an image there. Replace image "${image.name}" instead, or take the role out of those farms first.`,
      { blockers: farmRoleBlockers(ctx, users) },
    );
  await removeRoleImage(ctx.tx, { ...place, oldImageId: image.id }, { at: ctx.now, by: ctx.actor });
  ctx.record({ kind: 'roleImage', before: toRoleImage(role, image) });
  return { data: null };
};

/** Which Image a Role starts servers from, per location: docs/domain.md, "What may enter a role". */
export const roleImageHandlers = {
  roleImageList: listImages,
  roleImageGet: async (ctx, { params }) => {
    const [role, held] = await inOneTrip(
      getVisibleRole(ctx, params.roleId),
      findHeldImage(ctx, params),
    );
    return {
      data: toImageAt(demandHeld(role, held, params.imageId), ctx.scope),
      version: role.version,
    };
  },
  roleImageCreate: addImage,
  roleImageReplace: replaceImage,
  roleImageDelete: removeImage,
} satisfies SomeHandlers;

/** @throws ApiError ObjectNotFound, ScopeViolation, PreconditionFailed; InvalidValue when the body names another */
async function getRoleToChange(
  ctx: Context,
  id: number,
  body: { role?: { id: number } | undefined },
): Promise<RoleRow> {
  const role = await getOwnRole(ctx, id);
  ctx.expectVersion(role.version);
  demandSameRole(role, body.role);
  return role;
}

/** The image, if the role holds it now. */
async function findHeldImage(
  ctx: Context,
  { roleId, imageId }: { roleId: number; imageId: string },
): Promise<ImageRow | undefined> {
  const [cells, [image]] = await inOneTrip(
    fetchRoleCells(ctx.tx, [roleId]),
    fetchImages(ctx.tx, [imageId], ctx.scope),
  );
  return cells.some((cell) => cell.id === imageId) ? image : undefined;
}

/** @throws ApiError ObjectNotFound when the role does not hold the image now */
function demandHeld(role: RoleRow, held: ImageRow | undefined, imageId: string): ImageRow {
  if (held) return held;
  throw new ApiError(
    'ObjectNotFound',
    `Role "${role.name}" does not hold an image with the id ${imageId}.`,
  );
}

/** @throws ApiError ObjectNotFound on the member of the body */
async function getNewImage(ctx: Context, id: string): Promise<ImageRow> {
  try {
    return await getVisibleImage(ctx, id);
  } catch (error) {
    if (error instanceof ApiError)
      throw new ApiError(error.code, error.message, { field: 'image.id' });
    throw error;
  }
}

function demandSameRole(role: RoleRow, named: { id: number } | undefined): void {
  if (named === undefined || named.id === role.id) return;
  throw new ApiError(
    'InvalidValue',
    `The path names role ${role.id}, but the body names role ${named.id}. Leave role out.`,
    { field: 'role.id' },
  );
}

function placeOf(role: RoleRow, image: ImageRow): RoleImagePlace {
  return {
    roleId: role.id,
    cloudPlatform: image.cloud_platform,
    cloudLocation: image.cloud_location,
  };
}

function describe(image: ImageRow): string {
  return image.cloud_location === ''
    ? image.cloud_platform
    : `${image.cloud_platform} ${image.cloud_location}`;
}

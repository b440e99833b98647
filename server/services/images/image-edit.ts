import { ApiError } from '#contract/errors.ts';
import { findDoubts } from '#contract/images/doubts.ts';
import {
  type CloudImage,
  findRegistration,
  insertImage,
} from '../../database/queries/images/image-changes.ts';
import { findVisibleImage, type ImageRow } from '../../database/queries/images/images.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { inOneTrip } from '../../database/connection/sent-ahead.ts';
import {
  findSuccessorRefusal,
  type ImageChange,
  planDeprecation,
  planRegistration,
  planUpdate,
  refuseDuplicate,
} from '../../domain/images/images.ts';
import { findChangeRefusal } from '../../domain/images/image-states.ts';
import { getOs, getOwnImage, readImage } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { applySight } from './image-sight.ts';
import { deprecationItems } from './image-plans.ts';
import { changeImages } from './change-images.ts';
import { toBlocker } from './image-blockers.ts';
import { demandFittingName } from '../policies/name-policies.ts';
import { toImage, toImageAt } from '../present.ts';
import { refusalError, refuseIf } from '../refuse.ts';

/**
 * Registers a machine image at the request's scope (docs/domain.md, "Registering an image").
 * @throws ApiError InvalidStructure, InvalidValue, UnicityViolation
 */
export const createImage: Handler<'imageCreate'> = async (ctx, { body }) => {
  const plan = planRegistration(body, ctx.scope.scope);
  if ('code' in plan) throw refusalError(plan);
  const { cloudPlatform, cloudImageId } = body;
  const { cloudLocation } = plan;
  await inOneTrip(
    demandUnregistered(ctx, { cloudPlatform, cloudLocation, cloudImageId }),
    getOs(ctx, body.os.id),
    demandFittingName(ctx, 'images', body.name),
  );
  const seen = applySight(ctx, body, cloudLocation);
  const id = await insertImage(ctx.tx, {
    ...placeColumns(ctx.scope),
    name: body.name,
    description: body.description ?? '',
    cloud_platform: cloudPlatform,
    cloud_location: cloudLocation,
    cloud_image_id: cloudImageId,
    os_id: body.os.id,
    architecture: body.architecture,
    size_gb: body.size ?? null,
    ...seen,
    type: body.type ?? null,
    scalr_agent_installed: body.scalrAgentInstalled ?? true,
    cloud_init_installed: body.cloudInitInstalled ?? false,
    ...(body.deprecated === true && { deprecated_at: ctx.now, deprecated_by: ctx.actor }),
    created_by: ctx.actor,
    added_at: ctx.now,
  });
  const image = await readImage(ctx, id);
  ctx.record({ kind: 'image', after: toImage(image) });
  for (const { code, message } of findDoubts(toImage(image)))
    ctx.warn({ code, message: `${message} It is registered all the same, but not checked.` });
  return { data: toImageAt(image, ctx.scope) };
};

async function demandUnregistered(ctx: Context, image: CloudImage): Promise<void> {
  const other = await findRegistration(ctx.tx, ctx.scope, image);
  if (other) throw refusalError(refuseDuplicate(other), [toBlocker({ ...other, type: 'image' })]);
}

/**
 * Renames an image, describes it, deprecates or restores it (docs/domain.md, "Changing an image").
 * @throws ApiError ObjectNotFound, ScopeViolation, UnacceptableImageStatus, PreconditionFailed
 */
export const updateImage: Handler<'imageUpdate'> = async (ctx, { params, body }) => {
  const row = await getChangeableImage(ctx, params.imageId);
  if (body.name !== undefined && body.name !== row.name)
    await demandFittingName(ctx, 'images', body.name);
  return { data: await apply(ctx, row, planUpdate(row, body, { at: ctx.now, by: ctx.actor })) };
};

/**
 * Deprecates an image, with a reason and a recommendation, or restores it (docs/domain.md,
 * "Deprecating an image").
 * @throws ApiError ObjectNotFound, ScopeViolation, UnacceptableImageStatus, PreconditionFailed,
 * InvalidValue, Deprecated
 */
export const deprecateImage: Handler<'imageDeprecate'> = async (ctx, { params, body }) => {
  const row = await getChangeableImage(ctx, params.imageId);
  await ctx.expectPlan(() => deprecationItems(ctx, row));
  const deprecate = body.deprecate ?? true;
  const replacementId = body.replacement === null ? null : body.replacement?.id;
  if (!deprecate && replacementId != null)
    throw new ApiError(
      'InvalidValue',
      'An image that is restored needs no replacement. Leave replacement out, or deprecate the image.',
      { field: 'replacement' },
    );
  if (replacementId != null) await demandSuccessor(ctx, row, replacementId);
  const change = planDeprecation(
    row,
    { deprecate, reason: body.reason, replacementId },
    { at: ctx.now, by: ctx.actor },
  );
  return { data: await apply(ctx, row, change, body.reason) };
};

async function getChangeableImage(ctx: Context, id: string): Promise<ImageRow> {
  const row = await getOwnImage(ctx, id);
  refuseIf(findChangeRefusal(row));
  ctx.expectVersion(row.version);
  return row;
}

/** Carries a change out and records it; without one, nothing is written. */
async function apply(ctx: Context, row: ImageRow, change: ImageChange, reason?: string) {
  if (Object.keys(change).length === 0) return toImageAt(row, ctx.scope);
  for (const entry of await changeImages(ctx, [[row, change]])) ctx.record({ ...entry, reason });
  return toImageAt(await readImage(ctx, row.id), ctx.scope);
}

async function demandSuccessor(ctx: Context, row: ImageRow, id: string): Promise<void> {
  // An image is deprecated at its own scope only, so what the request sees, the image's scope sees.
  const successor = await findVisibleImage(ctx.tx, ctx.scope, id);
  if (!successor)
    throw new ApiError(
      'ObjectNotFound',
      `No image has the id ${id} here, so it cannot be recommended instead of "${row.name}".`,
      { field: 'replacement.id' },
    );
  refuseIf(findSuccessorRefusal(row, successor));
}

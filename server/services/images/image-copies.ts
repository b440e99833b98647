import { insertImage } from '../../database/queries/images/image-changes.ts';
import { imageCopyKind } from '../../database/queries/images/image-copies.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { fetchRightsAt, laneOfImage } from '../../database/queries/clouds/environment-clouds.ts';
import { queueJob } from '../../database/queries/records/outbox.ts';
import { findRightRefusal } from '../../domain/credentials/cloud-credentials.ts';
import {
  findCopyRefusal,
  findDestinationRefusal,
  findSamePlaceRefusal,
} from '../../domain/images/image-copies.ts';
import { getOwnImage, readImage } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { toImage, toImageAt } from '../present.ts';
import { refuseIf } from '../refuse.ts';

/**
 * Copies a machine image to another location: the new image is `pending_copy` until a loop has had its
 * cloud make it (docs/domain.md, "Copying an image").
 * @throws ApiError InvalidValue, ObjectNotFound, ScopeViolation, UnacceptableImageStatus, Deprecated,
 * BadRequest for the image's own location, PreconditionFailed
 */
export const copyImage: Handler<'imageCopy'> = async (ctx, { params, body }) => {
  refuseIf(findDestinationRefusal(body));
  const row = await getOwnImage(ctx, params.imageId);
  refuseIf(
    findCopyRefusal(row) ??
      findRightRefusal(await fetchRightsAt(ctx.tx, row), 'registerImages') ??
      findSamePlaceRefusal(row, body),
  );
  ctx.expectVersion(row.version);
  const copy = await readImage(ctx, await queueCopy(ctx, row, body.cloudLocation));
  ctx.record({ kind: 'image', after: toImage(copy), others: [{ kind: 'image', id: row.id }] });
  return { data: toImageAt(copy, ctx.scope) };
};

/** Registers a copy of an image in another location, and asks the loop to make it. @returns its id */
export async function queueCopy(
  ctx: Context,
  row: ImageRow,
  cloudLocation: string,
): Promise<string> {
  const id = await insertCopy(ctx, row, cloudLocation);
  const payload = { imageId: id, sourceId: row.id };
  await queueJob(ctx.tx, { kind: imageCopyKind, lane: laneOfImage(id), payload, at: ctx.now });
  return id;
}

async function insertCopy(ctx: Context, row: ImageRow, cloudLocation: string): Promise<string> {
  return insertImage(ctx.tx, {
    ...placeColumns(ctx.scope),
    name: row.name,
    description: row.description,
    cloud_platform: row.cloud_platform,
    cloud_location: cloudLocation,
    cloud_image_id: null,
    os_id: row.os_id,
    architecture: row.architecture,
    size_gb: row.size_gb,
    type: row.type,
    status: 'pending_copy',
    scalr_agent_installed: row.scalr_agent_installed,
    cloud_init_installed: row.cloud_init_installed,
    created_by: ctx.actor,
    added_at: ctx.now,
  });
}

import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import { findRegistration } from '../../database/queries/images/image-changes.ts';
import { findCopySource } from '../../database/queries/images/image-copies.ts';
import { fetchImages } from '../../database/queries/images/images.ts';
import { settleJob } from '../../database/queries/records/outbox.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { changeAndRecord, failImage } from './image-failure.ts';

/** A machine image that is to be copied to another location of its cloud. */
export interface CloudCopy {
  imageId: string;
  scope: ScopeRef;
  name: string;
  cloudPlatform: string;
  /** Where the copy goes. */
  cloudLocation: string;
  source: { cloudLocation: string; cloudImageId: string };
}

/** What to copy where, while it is still to be copied. */
export async function findCloudCopy(
  db: Db,
  payload: { imageId: string; sourceId: string },
): Promise<CloudCopy | undefined> {
  const [image] = await fetchImages(db, [payload.imageId], { scope: 'scalr' });
  const source = await findCopySource(db, payload.sourceId);
  if (image?.status !== 'pending_copy' || source?.cloud_image_id == null) return undefined;
  return {
    imageId: image.id,
    scope: scopeOf(image),
    name: image.name,
    cloudPlatform: image.cloud_platform,
    cloudLocation: image.cloud_location,
    source: { cloudLocation: source.cloud_location, cloudImageId: source.cloud_image_id },
  };
}

/**
 * The cloud has made the copy, so the image is active; unless somebody has registered the new machine
 * image by hand before. Does nothing when another process wrote it down already.
 */
export async function finishCloudCopy(
  ctx: Context,
  jobId: string,
  copy: CloudCopy,
  cloudImageId: string,
): Promise<void> {
  const { imageId, cloudPlatform, cloudLocation } = copy;
  const place = { cloudPlatform, cloudLocation, cloudImageId };
  const other = await findRegistration(ctx.tx, ctx.scope, place);
  if (other)
    return failCloudCopy(
      ctx,
      jobId,
      copy,
      `The copy is ${cloudImageId}, which was registered as image "${other.name}" in the meantime. Use that one, and delete this.`,
    );
  if (!(await settleJob(ctx.tx, jobId, ctx.now))) return;
  const made = { status: 'active', cloud_image_id: cloudImageId, checked_at: ctx.now } as const;
  await changeAndRecord(ctx, imageId, made);
}

/** The cloud cannot make the copy: the image has failed, and says why. */
export async function failCloudCopy(
  ctx: Context,
  jobId: string,
  { imageId }: CloudCopy,
  reason: string,
): Promise<void> {
  await failImage(ctx, { jobId, imageId, reason });
}

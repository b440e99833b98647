import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import { buryImage } from '../../database/queries/images/image-changes.ts';
import { countDeletionUse } from '../../database/queries/images/image-deletion.ts';
import { fetchImages } from '../../database/queries/images/images.ts';
import { settleJob } from '../../database/queries/records/outbox.ts';
import { scopeOf } from '../../domain/scopes.ts';
import { readImage } from '../access.ts';
import type { Context } from '../context.ts';
import { toImage } from '../present.ts';
import { failImage } from './image-failure.ts';

/** An image whose machine image is to be deleted from its cloud. */
export interface CloudDeletion {
  imageId: string;
  scope: ScopeRef;
  cloudPlatform: string;
  cloudLocation: string;
  cloudImageId: string;
  /** Why the cloud must not be asked after all: it cannot pass by waiting. */
  refusal?: string;
}

/** What to delete from which cloud, while it is still to be deleted. */
export async function findCloudDeletion(
  db: Db,
  imageId: string,
): Promise<CloudDeletion | undefined> {
  const [image] = await fetchImages(db, [imageId], { scope: 'scalr' });
  if (image?.status !== 'pending_delete') return undefined;
  const use = (await countDeletionUse(db, [imageId])).get(imageId);
  const others = use?.otherRegistrations ?? 0;
  return {
    imageId,
    scope: scopeOf(image),
    cloudPlatform: image.cloud_platform,
    cloudLocation: image.cloud_location,
    cloudImageId: image.cloud_image_id,
    // Whoever registered the same cloud image since the deletion was asked for keeps it.
    ...(others > 0 && {
      refusal:
        'The cloud image has been registered elsewhere since, and was left alone. Delete this registration without deleteFromCloud.',
    }),
    ...((use?.references ?? 0) > 0 && {
      refusal:
        'Something in its cloud has begun to use the machine image since, and it was left alone. Its page among the cloud images says what.',
    }),
  };
}

/** The machine image is gone: so is the image. Does nothing when another process wrote it down already. */
export async function finishCloudDeletion(
  ctx: Context,
  jobId: string,
  imageId: string,
): Promise<void> {
  if (!(await settleJob(ctx.tx, jobId, ctx.now))) return;
  const before = toImage(await readImage(ctx, imageId));
  await buryImage(ctx.tx, imageId, ctx.now);
  ctx.record({ kind: 'image', before });
}

/** The machine image cannot be deleted: the image has failed, and says why. */
export async function failCloudDeletion(
  ctx: Context,
  jobId: string,
  imageId: string,
  reason: string,
): Promise<void> {
  await failImage(ctx, { jobId, imageId, reason });
}

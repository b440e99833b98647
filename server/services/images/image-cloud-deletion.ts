import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import { buryImage, updateImage } from '../../database/queries/images/image-changes.ts';
import { countReferences } from '../../database/queries/policies/policy-facts.ts';
import { countDeletionUse } from '../../database/queries/images/image-deletion.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { settleJob } from '../../database/queries/records/outbox.ts';
import { joinCoverage, judgeUse } from '../../domain/inventory/image-use.ts';
import { scopeOf } from '../../domain/scopes.ts';
import { readImage } from '../access.ts';
import type { Context } from '../context.ts';
import { readCoverage } from '../inventory/coverage.ts';
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
  /** Why the image is to stay as it was: what was to be deleted only while unused may be in use. */
  spared?: string;
}

/** As it stands in the outbox. */
export interface CloudDeletionPayload {
  imageId: string;
  onlyUnused?: boolean;
}

/** What to delete from which cloud, while it is still to be deleted. */
export async function findCloudDeletion(
  db: Db,
  { imageId, onlyUnused = false }: CloudDeletionPayload,
): Promise<CloudDeletion | undefined> {
  const [image] = await fetchImages(db, [imageId], { scope: 'scalr' });
  if (image?.status !== 'pending_delete') return undefined;
  const use = (await countDeletionUse(db, [imageId])).get(imageId);
  const others = use?.otherRegistrations ?? 0;
  const spared = onlyUnused ? await findUseInCloud(db, image) : undefined;
  return {
    imageId,
    scope: scopeOf(image),
    ...(spared !== undefined && { spared }),
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

/** What uses a machine image in its cloud, or why that is not known; nothing where it is known to be unused. */
async function findUseInCloud(db: Db, image: ImageRow): Promise<string | undefined> {
  const now = new Date();
  const coverage = await readCoverage({ tx: db, scope: scopeOf(image), now });
  const counts = await countReferences(db, {
    cloudPlatform: image.cloud_platform,
    cloudImageId: image.cloud_image_id,
  });
  const { verdict, words } = judgeUse(
    { ...counts, role: 0, farm: 0 },
    coverage.get(image.cloud_platform) ?? joinCoverage([], now),
  );
  return verdict === 'unused' ? undefined : words;
}

/** What may be in use stays as it was. Does nothing when another process wrote it down already. */
export async function spareImage(
  ctx: Context,
  jobId: string,
  imageId: string,
  why: string,
): Promise<void> {
  if (!(await settleJob(ctx.tx, jobId, ctx.now, why))) return;
  const before = toImage(await readImage(ctx, imageId));
  await updateImage(ctx.tx, imageId, { status: 'active', status_error: null });
  ctx.record({
    kind: 'image',
    before,
    after: toImage(await readImage(ctx, imageId)),
    reason: `It was left alone. ${why}`,
  });
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

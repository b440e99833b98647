import {
  buryImage,
  fetchRecommenders,
  passOnRecommendation,
  queueCloudDeletion,
} from '../../database/queries/images/image-changes.ts';
import { countDeletionUse } from '../../database/queries/images/image-deletion.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { findDeletionRefusal } from '../../domain/image-deletion.ts';
import { getOwnImage, readImage } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { type Change, changesOf } from '../log-entry.ts';
import { toImage } from '../present.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { listBlockers } from './image-blockers.ts';
import { deletionItems } from './image-plans.ts';

/**
 * Deletes an image that nothing uses; with `deleteFromCloud`, a loop deletes the machine image first
 * (docs/domain.md, "Deleting an image").
 * @returns 200, or 202 while the machine image is still to be deleted
 * @throws ApiError ObjectNotFound, ScopeViolation, UnacceptableImageStatus, PreconditionFailed,
 * InvalidValue, ObjectInUse with every blocker
 */
export const deleteImage: Handler<'imageDelete'> = async (ctx, { params, query }) => {
  const row = await getOwnImage(ctx, params.imageId);
  ctx.expectVersion(row.version);
  await ctx.expectPlan(() => deletionItems(ctx, row));
  const fromCloud = query.deleteFromCloud ?? false;
  const use = (await countDeletionUse(ctx.tx, [row.id])).get(row.id);
  const refusal = use && findDeletionRefusal(row, use, fromCloud);
  if (refusal?.code === 'ObjectInUse')
    throw refusalError(refusal, await listBlockers(ctx, row, fromCloud));
  refuseIf(refusal);

  const others = await passOn(ctx, row);
  const before = toImage(row);
  if (fromCloud) {
    await queueCloudDeletion(ctx.tx, row.id, ctx.now);
    ctx.record({ kind: 'image', before, after: toImage(await readImage(ctx, row.id)), others });
  } else {
    await buryImage(ctx.tx, row.id, ctx.now);
    ctx.record({ kind: 'image', before, others });
  }
  return { data: null, status: fromCloud ? 202 : 200 };
};

/** What recommended the image recommends what it recommended, or nothing. */
async function passOn(ctx: Context, row: ImageRow): Promise<Change[]> {
  const before = await fetchRecommenders(ctx.tx, row.id, ctx.scope);
  if (before.length === 0) return [];
  await passOnRecommendation(ctx.tx, row);
  const ids = before.map(({ id }) => id);
  const after = await fetchImages(ctx.tx, ids, ctx.scope);
  return changesOf('image', before.map(toImage), after.map(toImage));
}

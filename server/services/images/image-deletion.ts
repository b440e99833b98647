import {
  buryImage,
  fetchRecommenders,
  passOnRecommendations,
  queueCloudDeletion,
} from '../../database/queries/images/image-changes.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { findDeletionRefusal } from '../../domain/images/image-deletion.ts';
import { getOwnImage } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { type Change, changesOf } from '../log-entry.ts';
import { toImage } from '../present.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { listBlockers } from './image-blockers.ts';
import { fetchDeletionUse } from './deletion-use.ts';
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
  const use = (await fetchDeletionUse(ctx, [row])).get(row.id);
  const refusal = use && findDeletionRefusal(row, use, fromCloud);
  if (refusal?.code === 'ObjectInUse')
    throw refusalError(refusal, await listBlockers(ctx, [row], fromCloud));
  refuseIf(refusal);

  const [deletion, ...others] = await removeImages(ctx, [row], fromCloud);
  if (deletion) ctx.record({ ...deletion, others });
  return { data: null, status: fromCloud ? 202 : 200 };
};

/**
 * Deletes images that nothing stands in the way of, or asks a loop to delete their machine images first.
 * @param onlyUnused leaves the machine image alone unless the inventory says that nothing in its cloud uses it then
 * @returns what that changes, for the log: the images first, in their order
 */
export async function removeImages(
  ctx: Context,
  images: readonly ImageRow[],
  fromCloud: boolean,
  { onlyUnused = false } = {},
): Promise<Change[]> {
  const others = await passOn(ctx, images);
  for (const { id } of images)
    await (fromCloud
      ? queueCloudDeletion(ctx.tx, id, ctx.now, { onlyUnused })
      : buryImage(ctx.tx, id, ctx.now));
  const before = images.map(toImage);
  if (!fromCloud)
    return [...before.map((image) => ({ kind: 'image' as const, before: image })), ...others];
  const ids = images.map(({ id }) => id);
  const after = await fetchImages(ctx.tx, ids, ctx.scope);
  return [...changesOf('image', before, after.map(toImage)), ...others];
}

/** What recommended an image that leaves recommends what it recommended, or nothing. */
async function passOn(ctx: Context, leaving: readonly ImageRow[]): Promise<Change[]> {
  const successors = new Map(leaving.map((row) => [row.id, row.deprecation_replacement_id]));
  const recommenders = await fetchRecommenders(ctx.tx, [...successors.keys()], ctx.scope);
  const before = recommenders.filter(({ id }) => !successors.has(id));
  if (before.length === 0) return [];
  const steps = leaving.map(({ id: from }) => ({ from, to: firstThatStays(from, successors) }));
  await passOnRecommendations(ctx.tx, steps);
  const ids = before.map(({ id }) => id);
  const after = await fetchImages(ctx.tx, ids, ctx.scope);
  return changesOf('image', before.map(toImage), after.map(toImage));
}

/** Recommendations never lead round in a circle, so this ends. */
function firstThatStays(id: string, successors: ReadonlyMap<string, string | null>): string | null {
  let next = successors.get(id) ?? null;
  while (next !== null && successors.has(next)) next = successors.get(next) ?? null;
  return next;
}

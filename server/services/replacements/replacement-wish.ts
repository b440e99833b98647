import { ApiError } from '#contract/errors.ts';
import type { PlanReplacement } from '#contract/replacements/replacement-plans.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { inOneTrip } from '../../database/connection/sent-ahead.ts';
import {
  fetchImagesOfSet,
  fetchVisibleImages,
  type ImageRow,
} from '../../database/queries/images/images.ts';
import { pairImages, type Pairing } from '../../domain/replacements/replacement-pairs.ts';
import type { Context } from '../context.ts';

/** What is to be replaced with what, as images that are visible at a scope. */
type Wish = Omit<PlanReplacement, 'reason'>;

/**
 * Finds the images that a wish names, and pairs them (docs/domain.md, "Replacement").
 * @param at the scope of the plan
 * @throws ApiError ObjectNotFound for an image or a set that is not visible there; InvalidStructure and
 * InvalidValue for a wish that says too little or contradicts itself
 */
export async function pairWish(ctx: Context, at: ScopeRef, wish: Wish): Promise<Pairing<ImageRow>> {
  demandSides(wish);
  const named = (wish.pairs ?? []).flatMap(({ oldImage, newImage }) => [
    oldImage.id,
    ...(newImage ? [newImage.id] : []),
  ]);
  const [oldSide, newSide, handed] = await inOneTrip(
    getSide(ctx, at, 'old', wish.oldImage?.id, wish.oldImageSet?.id),
    getSide(ctx, at, 'new', wish.newImage?.id, wish.newImageSet?.id),
    fetchVisibleImages(ctx.tx, at, named),
  );
  const byId = new Map(handed.map((image) => [image.id, image]));
  const byHand = readHandMade(wish, byId, oldSide);
  const oldImages = oldSide ?? [...byHand.keys()].flatMap((id) => byId.get(id) ?? []);
  const [oldImage] = oldImages;
  const [newImage] = newSide ?? [];
  // One image in the place of one other: what stands against it is for the rules to say.
  if (wish.oldImage && wish.newImage && oldImage && newImage && !byHand.has(oldImage.id))
    return { pairs: [{ oldImage, newImage, byHand: false }], holes: [] };
  return pairImages(oldImages, newSide ?? [], byHand);
}

function demandSides(wish: Wish): void {
  const refuse = (field: string, problem: string) => {
    throw new ApiError('InvalidStructure', problem, { field });
  };
  if (wish.oldImage && wish.oldImageSet)
    refuse('oldImageSet', 'oldImage and oldImageSet cannot both be given. Send one of them.');
  if (wish.newImage && wish.newImageSet)
    refuse('newImageSet', 'newImage and newImageSet cannot both be given. Send one of them.');
  if ((wish.pairs ?? []).length > 0) return;
  if (!wish.oldImage && !wish.oldImageSet)
    refuse('oldImage', 'Say what is to be replaced: send oldImage, oldImageSet or pairs.');
  if (!wish.newImage && !wish.newImageSet)
    refuse('newImage', 'Say what is to stand in its place: send newImage, newImageSet or pairs.');
}

/** The images of one side; undefined where the wish names none. */
async function getSide(
  ctx: Context,
  at: ScopeRef,
  side: 'old' | 'new',
  imageId: string | undefined,
  setId: number | undefined,
): Promise<ImageRow[] | undefined> {
  if (imageId !== undefined) {
    const images = await fetchVisibleImages(ctx.tx, at, [imageId]);
    if (images.length > 0) return images;
    throw notFound(`image has the id ${imageId}`, `${side}Image.id`);
  }
  if (setId === undefined) return undefined;
  const images = await fetchImagesOfSet(ctx.tx, at, setId);
  if (images.length > 0) return images;
  throw notFound(`image set has the id ${setId}`, `${side}ImageSet.id`);
}

function notFound(what: string, field: string): ApiError {
  return new ApiError('ObjectNotFound', `No ${what} here. Choose one of this scope or above it.`, {
    field,
  });
}

/** What is paired by hand, by the id of the old image; null leaves it out. */
function readHandMade(
  wish: Wish,
  byId: ReadonlyMap<string, ImageRow>,
  oldSide: readonly ImageRow[] | undefined,
): Map<string, ImageRow | null> {
  const byHand = new Map<string, ImageRow | null>();
  for (const { oldImage, newImage } of wish.pairs ?? []) {
    for (const { id } of [oldImage, ...(newImage ? [newImage] : [])])
      if (!byId.has(id)) throw notFound(`image has the id ${id}`, 'pairs');
    if (oldSide && !oldSide.some(({ id }) => id === oldImage.id))
      throw new ApiError(
        'InvalidValue',
        `Image ${oldImage.id} is none of those that are to be replaced. Name only those in pairs.`,
        { field: 'pairs' },
      );
    if (byHand.has(oldImage.id))
      throw new ApiError('InvalidValue', `Image ${oldImage.id} is named twice. Name it once.`, {
        field: 'pairs',
      });
    byHand.set(oldImage.id, newImage ? (byId.get(newImage.id) ?? null) : null);
  }
  return byHand;
}

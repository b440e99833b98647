import type { Refusal } from '../refusal.ts';
import { placeOf, type ReplacedImage } from './replacement-images.ts';

/** What pairing needs to know of an image. */
export interface PairableImage extends ReplacedImage {
  added_at: Date;
}

/** One image that is to stand in the place of another. */
export interface ImagePair<Image> {
  oldImage: Image;
  newImage: Image;
  byHand: boolean;
}

/** An old image that nothing stands in for. */
export interface Hole<Image> {
  image: Image;
  /** Left out by hand. */
  byHand: boolean;
}

export interface Pairing<Image> {
  pairs: ImagePair<Image>[];
  holes: Hole<Image>[];
}

/**
 * Pairs each old image with the new one of its platform, location and architecture. Of several new ones
 * there, one that can be used comes first, then the latest (docs/domain.md, "Replacement").
 * @param byHand what stands in for an old image instead, by its id; null leaves it out
 */
export function pairImages<Image extends PairableImage>(
  oldImages: readonly Image[],
  newImages: readonly Image[],
  byHand: ReadonlyMap<string, Image | null> = new Map(),
): Pairing<Image> {
  const best = new Map<string, Image>();
  for (const image of newImages) {
    const key = slotOf(image);
    const other = best.get(key);
    if (!other || isBetter(image, other)) best.set(key, image);
  }
  const pairs: ImagePair<Image>[] = [];
  const holes: Hole<Image>[] = [];
  for (const image of [...oldImages].sort(bySlot)) {
    const chosen = byHand.get(image.id);
    const newImage = chosen === undefined ? best.get(slotOf(image)) : chosen;
    if (newImage) pairs.push({ oldImage: image, newImage, byHand: chosen !== undefined });
    else holes.push({ image, byHand: chosen === null });
  }
  return { pairs, holes };
}

/** What must stand in for each other: docs/domain.md, "Image sets". */
const slotOf = (image: PairableImage) => `${placeOf(image)} ${image.architecture}`;

function bySlot(a: PairableImage, b: PairableImage): number {
  const keys = [a, b].map((image) => `${slotOf(image)} ${image.id}`) as [string, string];
  return keys[0] < keys[1] ? -1 : 1;
}

function isBetter(one: PairableImage, other: PairableImage): boolean {
  const rank = (image: PairableImage) =>
    Number(image.status === 'active') + Number(image.status === 'active' && !image.deprecated_at);
  if (rank(one) !== rank(other)) return rank(one) > rank(other);
  if (one.added_at.getTime() !== other.added_at.getTime()) return one.added_at > other.added_at;
  return one.id > other.id;
}

/** Why pairs contradict each other, whatever the roles are. */
export function findPairingRefusal(
  pairs: readonly Pick<ImagePair<ReplacedImage>, 'oldImage' | 'newImage'>[],
): Refusal | undefined {
  const refuse = (reason: string): Refusal => ({ code: 'InvalidValue', reason, field: 'pairs' });
  const seen = new Set<string>();
  const given = new Set(pairs.map(({ newImage }) => newImage.id));
  for (const { oldImage, newImage } of pairs) {
    const key = `${placeOf(oldImage)} ${oldImage.cloud_image_id}`;
    if (seen.has(key))
      return refuse(
        `Image "${oldImage.name}" in ${placeOf(oldImage)} is named twice, or is the same cloud image as another one. Name it once.`,
      );
    seen.add(key);
    if (given.has(oldImage.id) && oldImage.id !== newImage.id)
      return refuse(
        `Image "${oldImage.name}" in ${placeOf(oldImage)} is to be replaced, and to replace another one. Plan the two one after the other.`,
      );
  }
  return undefined;
}

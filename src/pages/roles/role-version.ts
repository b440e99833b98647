import type { Image } from '#contract/images/images.ts';

import { placeKey } from './places.ts';
import type { Place } from './places.ts';

/** What a role takes of a version, and what it has no room or no use for. */
interface Taken {
  /** One for each place where the role has no image. */
  add: Image[];
  /** Of the places where the role has one already. */
  held: Image[];
  /** Deprecated, failed, or not there yet. */
  unusable: Image[];
}

/**
 * What a role takes of the images of a version: docs/domain.md, "Image sets".
 * @param held where the role has an image, which it keeps
 */
export function takeVersion(
  images: readonly Image[],
  held: readonly Place[],
  architecture: string | undefined,
): Taken {
  const taken = new Set(held.map(placeKey));
  const result: Taken = { add: [], held: [], unusable: [] };
  for (const image of images.filter((one) => one.architecture === architecture)) {
    if (taken.has(placeKey(image))) result.held.push(image);
    else if (image.status !== 'active' || image.deprecated) result.unusable.push(image);
    else {
      result.add.push(image);
      taken.add(placeKey(image));
    }
  }
  // What a second image of the same place would have filled is filled.
  return { ...result, unusable: result.unusable.filter((image) => !taken.has(placeKey(image))) };
}

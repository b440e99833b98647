import { useOperation } from './query.ts';
import type { PathScope } from '../util/paths.ts';

/** Launches a first server of an image: `change({ params: { imageId }, body, ifMatch: version })`. */
export function useTryImage(at: PathScope) {
  return useOperation('imageTry', at);
}

/** Launches a first server of a version: `change({ params: { imageSetId }, body, ifMatch: version })`. */
export function useTryImageSet(at: PathScope) {
  return useOperation('imageSetTry', at);
}

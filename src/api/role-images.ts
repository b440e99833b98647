import { useOperation } from './query.ts';
import type { PathScope } from '../util/paths.ts';

/** Adds an image where the role has none: `change({ params: { roleId }, body: { image: { id } } })`. */
export function useAddRoleImage(at: PathScope) {
  return useOperation('roleImageCreate', at);
}

/** Puts another image in the place of one, in this role only: `change({ params, body })`. */
export function useReplaceRoleImage(at: PathScope) {
  return useOperation('roleImageReplace', at);
}

/** Removes an image from a role: `change({ params: { roleId, imageId } })`. */
export function useRemoveRoleImage(at: PathScope) {
  return useOperation('roleImageDelete', at);
}

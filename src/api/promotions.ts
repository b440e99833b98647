import { objectQuery, useOperation } from './query.ts';
import type { PathScope } from '../util/paths.ts';

/** What promoting an image would do; the server changes nothing. Account and environment only. */
export function imagePromotePreviewQuery(at: PathScope, imageId: string) {
  return objectQuery('imagePromotePreview', at, { params: { imageId } });
}

/** What promoting a role and its images would do. Account and environment only. */
export function rolePromotePreviewQuery(at: PathScope, roleId: string | number) {
  return objectQuery('rolePromotePreview', at, { params: { roleId: String(roleId) } });
}

/**
 * Moves an image one scope up: `change({ params: { imageId }, body: { merge } })`. Where it was
 * merged, the answer is the image that it went into, and the one that was asked for is gone.
 */
export function usePromoteImage(at: PathScope) {
  return useOperation('imagePromote', at, ({ data }, { params }) =>
    data.id === params.imageId ? undefined : { ...params },
  );
}

/** Moves a role one scope up, with its images: `change({ params: { roleId }, body: { merge } })`. */
export function usePromoteRole(at: PathScope) {
  return useOperation('rolePromote', at);
}

import { keepPreviousData } from '@tanstack/react-query';

import { goneSet } from './image-set-acts.ts';
import type { SetSelection } from './image-set-acts.ts';
import { objectQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
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

/** What promoting the images of a set would do. Account and environment only. */
export function setPromotePreviewQuery(at: PathScope, imageSetId: number, body: SetSelection) {
  const query = objectQuery('imageSetPromotePreview', at, { params: { imageSetId }, body });
  return { ...query, placeholderData: keepPreviousData };
}

/** Moves the images of a set one scope up: `change({ params: { imageSetId }, body: { merge } })`. */
export function usePromoteSet(at: PathScope) {
  return useOperation('imageSetPromote', at, goneSet);
}

/** Where something goes, one scope down: an account from Corporate, an environment from an account. */
export type Below = NonNullable<Input<'imageDemote'>['body']>;

/** What moving an image one scope down would do. Corporate and accounts only. */
export function imageDemotePreviewQuery(at: PathScope, imageId: string, body: Below) {
  return objectQuery('imageDemotePreview', at, { params: { imageId }, body });
}

/** What moving a role with its images one scope down would do. */
export function roleDemotePreviewQuery(at: PathScope, roleId: number, body: Below) {
  return objectQuery('roleDemotePreview', at, { params: { roleId }, body });
}

/** What moving the images of a set one scope down would do. */
export function setDemotePreviewQuery(
  at: PathScope,
  imageSetId: number,
  body: Below & SetSelection,
) {
  const query = objectQuery('imageSetDemotePreview', at, { params: { imageSetId }, body });
  return { ...query, placeholderData: keepPreviousData };
}

/** Moves an image one scope down: `change({ params: { imageId }, body: { envId } })`. */
export function useDemoteImage(at: PathScope) {
  return useOperation('imageDemote', at, (_answer, { params }) => ({ ...params }));
}

/** Moves a role one scope down, with its images: `change({ params: { roleId }, body: { envId } })`. */
export function useDemoteRole(at: PathScope) {
  return useOperation('roleDemote', at, (_answer, { params }) => ({ ...params }));
}

/** Moves the images of a set one scope down: `change({ params: { imageSetId }, body: { envId } })`. */
export function useDemoteSet(at: PathScope) {
  return useOperation('imageSetDemote', at, goneSet);
}

import { objectQuery, operationQuery, untilClear, useOperation } from './query.ts';
import type { Image } from '#contract/images/images.ts';
import { operationUrl } from './request.ts';
import type { Change, Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type ImageListInput = NonNullable<Input<'imageList'>['query']>;

/** A page of the images of a scope and of those it inherits. */
export function imageListQuery(at: PathScope, query: ImageListInput = {}) {
  return operationQuery('imageList', at, { query });
}

/** The address to download the same images from, as CSV. */
export function imageExportUrl(
  at: PathScope,
  query: NonNullable<Input<'imageExport'>['query']>,
): string {
  return operationUrl('imageExport', at, { query });
}

/** One image with its usage and what may be done with it. */
export function imageQuery(at: PathScope, imageId: string) {
  return objectQuery('imageGet', at, {
    params: { imageId },
    query: { include: ['usage', 'actions'] },
  });
}

/** Roles, farms and servers that use an image, by name. */
export function imageUsageQuery(at: PathScope, imageId: string) {
  return objectQuery('imageUsage', at, { params: { imageId } });
}

/** The rest of the image set: the same name, OS and architecture elsewhere. */
export function imageTwinsQuery(at: PathScope, imageId: string) {
  return operationQuery('imageTwinList', at, { params: { imageId } });
}

/** Other registrations of the same cloud image at and below the scope. */
export function imageRegistrationsQuery(at: PathScope, imageId: string) {
  return operationQuery('imageRegistrationList', at, { params: { imageId } });
}

/** What deprecating an image would concern; the server changes nothing. */
export function imageDeprecatePreviewQuery(at: PathScope, imageId: string) {
  return objectQuery('imageDeprecatePreview', at, { params: { imageId } });
}

/** What deleting an image would concern; the server changes nothing. */
export function imageDeletePreviewQuery(at: PathScope, imageId: string) {
  return untilClear(objectQuery('imageDeletePreview', at, { params: { imageId } }));
}

/** Registers an image at the scope: `change({ body })`. */
export function useCreateImage(at: PathScope) {
  return useOperation('imageCreate', at);
}

/** Renames or describes an image: `change({ params: { imageId }, body, ifMatch: version })`. */
export function useUpdateImage(at: PathScope) {
  return useOperation('imageUpdate', at);
}

/** Deletes an unused image: `change({ params: { imageId }, query: { deleteFromCloud: true } })`. */
export function useDeleteImage(at: PathScope) {
  return useOperation('imageDelete', at);
}

/** Copies an image to another location: `change({ params: { imageId }, body, ifMatch: version })`. */
export function useCopyImage(at: PathScope) {
  return useOperation('imageCopy', at);
}

/** Protects an image, or ends that with `protect: false`: `change({ params: { imageId }, body })`. */
export function useProtectImage(at: PathScope) {
  return useOperation('imageProtect', at);
}

/** Deprecates an image, or restores it with `deprecate: false`: `change({ params, body })`. */
export function useDeprecateImage(at: PathScope) {
  return useOperation('imageDeprecate', at);
}

/** Deprecates or restores one of many images, without a reason: for `useEach`. */
export function deprecationOf(
  at: PathScope,
  { id: imageId, version: ifMatch }: Image,
  deprecate: boolean,
): Change<'imageDeprecate'> {
  return { id: 'imageDeprecate', at, input: { params: { imageId }, body: { deprecate }, ifMatch } };
}

/** Protects one of many images, or ends that: for `useEach`. */
export function protectionOf(
  at: PathScope,
  { id: imageId, version: ifMatch }: Image,
  protect: boolean,
): Change<'imageProtect'> {
  return { id: 'imageProtect', at, input: { params: { imageId }, body: { protect }, ifMatch } };
}

/** Deletes one of many images, which nothing uses: for `useEach`. */
export function deletionOf(
  at: PathScope,
  { id: imageId, version: ifMatch }: Image,
): Change<'imageDelete'> {
  return { id: 'imageDelete', at, input: { params: { imageId }, ifMatch } };
}

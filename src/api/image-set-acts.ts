import { keepPreviousData } from '@tanstack/react-query';
import type { ImageSetAct } from '#contract/image-sets/image-set-acts.ts';
import type { Meta } from '#contract/operations.ts';

import { objectQuery, untilClear, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

/** Which images of a set an act is about, and whether those that are refused may be left out. */
export interface SetSelection {
  images?: string[];
  onRefusal?: 'skip';
}

type PreviewId =
  | 'imageSetDeprecatePreview'
  | 'imageSetProtectPreview'
  | 'imageSetCopyPreview'
  | 'imageSetAddToRolePreview';
type Body<Id extends PreviewId> = Input<Id>['body'];

/** What was shown stays in sight while the choice changes; it cannot be agreed to meanwhile (useShownPlan). */
const kept = { placeholderData: keepPreviousData };

/** What deprecating or restoring the images of a set would do; the server changes nothing. */
export function setDeprecatePreviewQuery(
  at: PathScope,
  imageSetId: number,
  body: Body<'imageSetDeprecatePreview'>,
) {
  return {
    ...objectQuery('imageSetDeprecatePreview', at, { params: { imageSetId }, body }),
    ...kept,
  };
}

/** What protecting the images of a set, or ending that, would do; the server changes nothing. */
export function setProtectPreviewQuery(
  at: PathScope,
  imageSetId: number,
  body: Body<'imageSetProtectPreview'>,
) {
  return {
    ...objectQuery('imageSetProtectPreview', at, { params: { imageSetId }, body }),
    ...kept,
  };
}

/** What deleting the images of a set would do; the server changes nothing. */
export function setDeletePreviewQuery(
  at: PathScope,
  imageSetId: number,
  body: SetSelection & { deleteFromCloud?: true },
) {
  const query = objectQuery('imageSetDeletePreview', at, { params: { imageSetId }, body });
  return { ...untilClear(query), ...kept };
}

/** Which copies would be made; the server changes nothing. */
export function setCopyPreviewQuery(
  at: PathScope,
  imageSetId: number,
  body: Body<'imageSetCopyPreview'>,
) {
  return { ...objectQuery('imageSetCopyPreview', at, { params: { imageSetId }, body }), ...kept };
}

/** Which places of a role would be filled; the server changes nothing. */
export function setAddToRolePreviewQuery(
  at: PathScope,
  imageSetId: string | number,
  body: Body<'imageSetAddToRolePreview'>,
) {
  return {
    ...objectQuery('imageSetAddToRolePreview', at, { params: { imageSetId }, body }),
    ...kept,
  };
}

/** What an act took away: the set, once its images are of another one, or are gone. */
export function goneSet(
  { data }: { data: ImageSetAct },
  { params }: { params: { imageSetId: string | number } },
): Record<string, unknown> | undefined {
  return String(data.imageSet?.id) === String(params.imageSetId) ? undefined : { ...params };
}

/** Deprecates or restores the images of a set: `change({ params: { imageSetId }, body, digest })`. */
export function useDeprecateSet(at: PathScope) {
  return useOperation('imageSetDeprecate', at);
}

/** Protects the images of a set, or ends that: `change({ params: { imageSetId }, body, digest })`. */
export function useProtectSet(at: PathScope) {
  return useOperation('imageSetProtect', at);
}

/** Deletes the images of a set: `change({ params: { imageSetId }, query, digest })`. */
export function useDeleteSet(at: PathScope) {
  return useOperation('imageSetDelete', at, goneSet);
}

/** Copies the images of a set to where it has none: `change({ params: { imageSetId }, body, digest })`. */
export function useCopySet(at: PathScope) {
  return useOperation('imageSetCopy', at);
}

/** Gives a role the images of a set: `change({ params: { imageSetId }, body, digest })`. */
export function useAddSetToRole(at: PathScope) {
  return useOperation('imageSetAddToRole', at);
}

/** What renaming a set did with each of its images. */
export type RenamedImages = Meta<'imageSetUpdate'>['results'];

/** Renames or describes the images of a set: `change({ params: { imageSetId }, query, body })`. */
export function useUpdateSet(at: PathScope) {
  return useOperation('imageSetUpdate', at, ({ data }, { params }) =>
    String(data.id) === String(params.imageSetId) ? undefined : { ...params },
  );
}

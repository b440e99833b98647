import { imageListQuery } from './images.ts';
import { objectQuery, operationQuery } from './query.ts';
import { operationUrl } from './request.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type ImageSetListInput = NonNullable<Input<'imageSetList'>['query']>;

/** A page of the image sets of a scope and of those it inherits. */
export function imageSetListQuery(at: PathScope, query: ImageSetListInput = {}) {
  return operationQuery('imageSetList', at, { query });
}

/** The address to download the same image sets from, as CSV. */
export function imageSetExportUrl(
  at: PathScope,
  query: NonNullable<Input<'imageSetExport'>['query']>,
): string {
  return operationUrl('imageSetExport', at, { query });
}

/** One image set with what uses it, and what may be done with it. */
export function imageSetQuery(at: PathScope, imageSetId: string) {
  return objectQuery('imageSetGet', at, {
    params: { imageSetId },
    query: { include: ['usage', 'actions'] },
  });
}

/** The images of a set; no set of one name has more places and architectures than a page has rows. */
export function imagesOfSetQuery(at: PathScope, set: string) {
  return imageListQuery(at, { set, sort: 'cloudLocation', maxResults: 100, include: ['usage'] });
}

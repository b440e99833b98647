import { objectQuery, operationQuery } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type ImageSetListInput = NonNullable<Input<'imageSetList'>['query']>;

/** A page of the image sets of a scope and of those it inherits. */
export function imageSetListQuery(at: PathScope, query: ImageSetListInput = {}) {
  return operationQuery('imageSetList', at, { query });
}

/** One image set with what uses it. */
export function imageSetQuery(at: PathScope, imageSetId: string) {
  return objectQuery('imageSetGet', at, { params: { imageSetId }, query: { include: ['usage'] } });
}

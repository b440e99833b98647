import { operationQuery } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type LocationListInput = NonNullable<Input<'locationList'>['query']>;

/** A page of the locations where a scope sees images, or where servers run old ones. */
export function locationListQuery(at: PathScope, query: LocationListInput) {
  return operationQuery('locationList', at, { query });
}

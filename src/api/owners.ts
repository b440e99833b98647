import { operationQuery } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type OwnerListInput = NonNullable<Input<'ownerList'>['query']>;

/** A page of those who own farms at and below a scope. */
export function ownerListQuery(at: PathScope, query: OwnerListInput) {
  return operationQuery('ownerList', at, { query });
}

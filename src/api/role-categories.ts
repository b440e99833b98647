import { operationQuery } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type RoleCategoryListInput = NonNullable<Input<'roleCategoryList'>['query']>;

/** Role categories of a scope and of those it inherits. */
export function roleCategoryListQuery(at: PathScope, query: RoleCategoryListInput = {}) {
  return operationQuery('roleCategoryList', at, { query });
}

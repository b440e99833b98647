import { objectQuery, operationQuery } from './query.ts';
import type { Input } from './client.ts';
import type { PathScope } from '../util/paths.ts';

export type RoleCategoryListInput = NonNullable<Input<'roleCategoryList'>['query']>;

/** Role categories of a scope and of those it inherits. */
export function roleCategoryListQuery(at: PathScope, query: RoleCategoryListInput = {}) {
  return operationQuery('roleCategoryList', at, { query });
}

/**
 * One role category.
 * @public Every operation of the contract can be called; no page shows this one.
 */
export function roleCategoryQuery(at: PathScope, roleCategoryId: string | number) {
  return objectQuery('roleCategoryGet', at, { params: { roleCategoryId: String(roleCategoryId) } });
}

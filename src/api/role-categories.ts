import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
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

/**
 * Creates a role category at the scope: `change({ body: { name } })`.
 * @public No page does this yet.
 */
export function useCreateRoleCategory(at: PathScope) {
  return useOperation('roleCategoryCreate', at);
}

/**
 * Renames a role category: `change({ params: { roleCategoryId }, body: { name } })`.
 * @public No page does this yet.
 */
export function useUpdateRoleCategory(at: PathScope) {
  return useOperation('roleCategoryUpdate', at);
}

/**
 * Deletes a role category that no role is in: `change({ params: { roleCategoryId } })`.
 * @public No page does this yet.
 */
export function useDeleteRoleCategory(at: PathScope) {
  return useOperation('roleCategoryDelete', at);
}

import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type RoleImageListInput = NonNullable<Input<'roleImageList'>['query']>;

/** The links of a role to its images, by location; with `at` those of an earlier moment. */
export function roleImageListQuery(
  at: PathScope,
  roleId: string | number,
  query: RoleImageListInput = {},
) {
  return operationQuery('roleImageList', at, { params: { roleId: String(roleId) }, query });
}

/**
 * One image of a role, whole.
 * @public Every operation of the contract can be called; no page shows this one.
 */
export function roleImageQuery(at: PathScope, roleId: string | number, imageId: string) {
  return objectQuery('roleImageGet', at, { params: { roleId: String(roleId), imageId } });
}

/**
 * The image that a role holds at a place now.
 * @public Every operation of the contract can be called; programs follow this one.
 */
export function roleCurrentImageQuery(
  at: PathScope,
  roleId: string | number,
  query: Input<'roleCurrentImageGet'>['query'],
) {
  return objectQuery('roleCurrentImageGet', at, { params: { roleId: String(roleId) }, query });
}

/** Adds an image where the role has none: `change({ params: { roleId }, body: { image: { id } } })`. */
export function useAddRoleImage(at: PathScope) {
  return useOperation('roleImageCreate', at);
}

/** Puts another image in the place of one, in this role only: `change({ params, body })`. */
export function useReplaceRoleImage(at: PathScope) {
  return useOperation('roleImageReplace', at);
}

/** Removes an image from a role: `change({ params: { roleId, imageId } })`. */
export function useRemoveRoleImage(at: PathScope) {
  return useOperation('roleImageDelete', at);
}

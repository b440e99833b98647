import { objectQuery, operationQuery, untilClear, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type RoleListInput = NonNullable<Input<'roleList'>['query']>;

/** A page of the roles of a scope and of those it inherits. */
export function roleListQuery(at: PathScope, query: RoleListInput = {}) {
  return operationQuery('roleList', at, { query });
}

/** One role with its images, usage and what may be done with it. */
export function roleQuery(at: PathScope, roleId: string | number) {
  return objectQuery('roleGet', at, {
    params: { roleId: String(roleId) },
    query: { include: ['images', 'usage', 'actions'] },
  });
}

/** Creates a role at the scope: `change({ body })`. */
export function useCreateRole(at: PathScope) {
  return useOperation('roleCreate', at);
}

/** Changes a role: `change({ params: { roleId }, body, ifMatch: version })`. */
export function useUpdateRole(at: PathScope) {
  return useOperation('roleUpdate', at);
}

/** What deprecating a role would concern; the server changes nothing. */
export function roleDeprecatePreviewQuery(at: PathScope, roleId: number) {
  return objectQuery('roleDeprecatePreview', at, { params: { roleId } });
}

/** What deleting a role would concern; the server changes nothing. */
export function roleDeletePreviewQuery(at: PathScope, roleId: number) {
  return untilClear(objectQuery('roleDeletePreview', at, { params: { roleId } }));
}

/** Deletes a role that no farm uses: `change({ params: { roleId } })`. */
export function useDeleteRole(at: PathScope) {
  return useOperation('roleDelete', at);
}

/** Deprecates a role, or restores it with `deprecate: false`: `change({ params, body })`. */
export function useDeprecateRole(at: PathScope) {
  return useOperation('roleDeprecate', at);
}

/** Copies a role with its images into the scope: `change({ params: { roleId }, body: { name } })`. */
export function useCloneRole(at: PathScope) {
  return useOperation('roleClone', at);
}

/** Names in clouds that stand for the images of a role. */
export function rolePointerListQuery(at: PathScope, roleId: number) {
  return operationQuery('rolePointerList', at, { params: { roleId: String(roleId) } });
}

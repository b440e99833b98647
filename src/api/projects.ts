import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

/** A page of the projects that farms of a scope can be charged to. */
export function projectListQuery(
  at: PathScope,
  query: NonNullable<Input<'projectList'>['query']> = {},
) {
  return operationQuery('projectList', at, { query });
}

/**
 * One project.
 * @public No page shows it yet.
 */
export function projectQuery(at: PathScope, projectId: string) {
  return objectQuery('projectGet', at, { params: { projectId } });
}

/**
 * Creates a project at the scope: `change({ body })`.
 * @public No page does this yet.
 */
export function useCreateProject(at: PathScope) {
  return useOperation('projectCreate', at);
}

/**
 * Changes a project: `change({ params: { projectId }, body, ifMatch: version })`.
 * @public No page does this yet.
 */
export function useUpdateProject(at: PathScope) {
  return useOperation('projectUpdate', at);
}

/**
 * Deletes a project that no farm is charged to: `change({ params: { projectId } })`.
 * @public No page does this yet.
 */
export function useDeleteProject(at: PathScope) {
  return useOperation('projectDelete', at);
}

/**
 * The cost centers that a scope sees.
 * @public No page shows it yet.
 */
export function costCenterListQuery(
  at: PathScope,
  query: NonNullable<Input<'costCenterList'>['query']> = {},
) {
  return operationQuery('costCenterList', at, { query });
}

/**
 * One cost center.
 * @public No page shows it yet.
 */
export function costCenterQuery(at: PathScope, costCenterId: string) {
  return objectQuery('costCenterGet', at, { params: { costCenterId } });
}

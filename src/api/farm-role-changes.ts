import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

/** Puts a Role into a farm: `change({ params: { farmId }, body })`. */
export function useCreateFarmRole(at: PathScope) {
  return useOperation('farmRoleCreate', at);
}

/** Changes a farm role: `change({ params: { farmRoleId }, body, ifMatch: version })`. */
export function useUpdateFarmRole(at: PathScope) {
  return useOperation('farmRoleUpdate', at);
}

/** Takes a Role out of a farm: `change({ params: { farmRoleId } })`. */
export function useDeleteFarmRole(at: PathScope) {
  return useOperation('farmRoleDelete', at);
}

/** Copies a farm role: `change({ params: { farmRoleId }, body: { name, farm } })`. */
export function useCloneFarmRole(at: PathScope) {
  return useOperation('farmRoleClone', at);
}

/** Launches one more server of a farm role: `change({ params: { farmRoleId } })`. */
export function useLaunchFarmRoleServer(at: PathScope) {
  return useOperation('farmRoleServerLaunch', at);
}

/** Takes a server that was found into a farm role: `change({ params: { farmRoleId }, body })`. */
export function useImportServer(at: PathScope) {
  return useOperation('farmRoleServerImport', at);
}

/**
 * Changes the scaling of a farm role: `change({ params: { farmRoleId }, body })`.
 * @public No page does this yet.
 */
export function useUpdateFarmRoleScaling(at: PathScope) {
  return useOperation('farmRoleScalingUpdate', at);
}

/**
 * The scaling of a farm role.
 * @public Pages read it with the farm role.
 */
export function farmRoleScalingQuery(at: PathScope, farmRoleId: string | number) {
  return objectQuery('farmRoleScalingGet', at, { params: { farmRoleId: String(farmRoleId) } });
}

/**
 * Changes the instance of a farm role: `change({ params: { farmRoleId }, body })`.
 * @public No page does this yet.
 */
export function useUpdateFarmRoleInstance(at: PathScope) {
  return useOperation('farmRoleInstanceUpdate', at);
}

/**
 * The instance of a farm role.
 * @public Pages read it with the farm role.
 */
export function farmRoleInstanceQuery(at: PathScope, farmRoleId: string | number) {
  return objectQuery('farmRoleInstanceGet', at, { params: { farmRoleId: String(farmRoleId) } });
}

/**
 * Changes the placement of a farm role: `change({ params: { farmRoleId }, body })`.
 * @public No page does this yet.
 */
export function useUpdateFarmRolePlacement(at: PathScope) {
  return useOperation('farmRolePlacementUpdate', at);
}

/**
 * The placement of a farm role.
 * @public Pages read it with the farm role.
 */
export function farmRolePlacementQuery(at: PathScope, farmRoleId: string | number) {
  return objectQuery('farmRolePlacementGet', at, { params: { farmRoleId: String(farmRoleId) } });
}

/**
 * The servers of a farm role.
 * @public Pages list servers by a filter.
 */
export function farmRoleServerListQuery(
  at: PathScope,
  farmRoleId: string | number,
  query: NonNullable<Input<'farmRoleServerList'>['query']> = {},
) {
  const params = { farmRoleId: String(farmRoleId) };
  return operationQuery('farmRoleServerList', at, { params, query });
}

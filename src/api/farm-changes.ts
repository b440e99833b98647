import { operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

/** Creates a farm: `change({ body })`. */
export function useCreateFarm(at: PathScope) {
  return useOperation('farmCreate', at);
}

/** Changes a farm: `change({ params: { farmId }, body, ifMatch: version })`. */
export function useUpdateFarm(at: PathScope) {
  return useOperation('farmUpdate', at);
}

/** Deletes a terminated farm: `change({ params: { farmId } })`. */
export function useDeleteFarm(at: PathScope) {
  return useOperation('farmDelete', at);
}

/** Copies a farm with its roles: `change({ params: { farmId }, body: { name } })`. */
export function useCloneFarm(at: PathScope) {
  return useOperation('farmClone', at);
}

/** Launches a farm: `change({ params: { farmId } })`. */
export function useLaunchFarm(at: PathScope) {
  return useOperation('farmLaunch', at);
}

/** Terminates a farm with its servers: `change({ params: { farmId }, body: { force } })`. */
export function useTerminateFarm(at: PathScope) {
  return useOperation('farmTerminate', at);
}

/** Suspends a farm with its servers: `change({ params: { farmId } })`. */
export function useSuspendFarm(at: PathScope) {
  return useOperation('farmSuspend', at);
}

/** Resumes a suspended farm: `change({ params: { farmId } })`. */
export function useResumeFarm(at: PathScope) {
  return useOperation('farmResume', at);
}

/** Locks a farm: `change({ params: { farmId }, body: { lockComment, unlockPermission } })`. */
export function useLockFarm(at: PathScope) {
  return useOperation('farmLock', at);
}

/** Unlocks a farm: `change({ params: { farmId }, body: {} })`. */
export function useUnlockFarm(at: PathScope) {
  return useOperation('farmUnlock', at);
}

/**
 * The servers of a farm.
 * @public Pages list servers by a filter.
 */
export function farmServerListQuery(
  at: PathScope,
  farmId: string | number,
  query: NonNullable<Input<'farmServerList'>['query']> = {},
) {
  return operationQuery('farmServerList', at, { params: { farmId: String(farmId) }, query });
}

import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type ServerListInput = NonNullable<Input<'serverList'>['query']>;

/** A page of the servers at and below a scope. */
export function serverListQuery(at: PathScope, query: ServerListInput = {}) {
  return operationQuery('serverList', at, { query });
}

/** One server with what may be done with it. */
export function serverQuery(at: PathScope, serverId: string) {
  return objectQuery('serverGet', at, { params: { serverId }, query: { include: ['actions'] } });
}

/**
 * Launches one more server: `change({ body: { farmRole } })`.
 * @public No page does this yet.
 */
export function useLaunchServer(at: PathScope) {
  return useOperation('serverLaunch', at);
}

/** Gives a server another host name: `change({ params: { serverId }, body: { hostname } })`. */
export function useUpdateServer(at: PathScope) {
  return useOperation('serverUpdate', at);
}

/** Reboots a server: `change({ params: { serverId }, body: { hard } })`. */
export function useRebootServer(at: PathScope) {
  return useOperation('serverReboot', at);
}

/** Suspends a server: `change({ params: { serverId } })`. */
export function useSuspendServer(at: PathScope) {
  return useOperation('serverSuspend', at);
}

/** Resumes a server: `change({ params: { serverId } })`. */
export function useResumeServer(at: PathScope) {
  return useOperation('serverResume', at);
}

/** Terminates a server: `change({ params: { serverId }, body: { lowerMinimum } })`. */
export function useTerminateServer(at: PathScope) {
  return useOperation('serverTerminate', at);
}

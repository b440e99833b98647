import { operationQuery } from './query.ts';
import type { PathScope } from '../util/paths.ts';

const query = { maxResults: 20, cursor: 'start' };

/** The last steps of a server, newest first. */
export function serverEventListQuery(at: PathScope, serverId: string) {
  return operationQuery('serverEventList', at, { params: { serverId }, query });
}

/** The last steps of the servers of a farm, newest first. */
export function farmEventListQuery(at: PathScope, farmId: number) {
  return operationQuery('farmEventList', at, { params: { farmId: String(farmId) }, query });
}

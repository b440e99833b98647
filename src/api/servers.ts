import { objectQuery, operationQuery } from './query.ts';
import type { Input } from './client.ts';
import type { PathScope } from '../util/paths.ts';

export type ServerListInput = NonNullable<Input<'serverList'>['query']>;

/** A page of the servers at and below a scope. */
export function serverListQuery(at: PathScope, query: ServerListInput = {}) {
  return operationQuery('serverList', at, { query });
}

/**
 * One server.
 * @public Every operation of the contract can be called; no page shows this one.
 */
export function serverQuery(at: PathScope, serverId: string) {
  return objectQuery('serverGet', at, { params: { serverId } });
}

import { operationQuery } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type ServerListInput = NonNullable<Input<'serverList'>['query']>;

/** A page of the servers at and below a scope. */
export function serverListQuery(at: PathScope, query: ServerListInput = {}) {
  return operationQuery('serverList', at, { query });
}

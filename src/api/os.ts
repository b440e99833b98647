import { objectQuery, operationQuery } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type OsListInput = NonNullable<Input<'osList'>['query']>;

/** Operating systems that an image may have; the list is the same everywhere and rarely changes. */
export function osListQuery(at: PathScope, query: OsListInput = { maxResults: 100 }) {
  return { ...operationQuery('osList', at, { query }), staleTime: 10 * 60_000 };
}

/**
 * One operating system.
 * @public Every operation of the contract can be called; no page shows this one.
 */
export function osQuery(at: PathScope, osId: string) {
  return objectQuery('osGet', at, { params: { osId } });
}

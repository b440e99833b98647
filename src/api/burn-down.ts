import { objectQuery } from './query.ts';
import { operationUrl } from './request.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

/** The filters, the split and the time of a burn-down. */
export type BurnDownInput = NonNullable<Input<'usageBurnDown'>['query']>;

/** Servers on old images over time, and how it goes on. */
export function burnDownQuery(at: PathScope, query: BurnDownInput) {
  return objectQuery('usageBurnDown', at, { query });
}

/** The address to download its points from, as CSV. */
export function burnDownExportUrl(at: PathScope, query: BurnDownInput): string {
  return operationUrl('usageBurnDownExport', at, { query });
}

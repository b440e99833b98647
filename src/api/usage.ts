import { operationUrl } from './request.ts';
import type { Input } from './request.ts';
import { objectQuery, operationQuery } from './query.ts';
import type { PathScope } from '../util/paths.ts';

export type UsageListInput = NonNullable<Input<'usageList'>['query']>;
export type UsageGroupListInput = Input<'usageGroupList'>['query'];
/** The filters alone, without paging and sorting. */
export type UsageFilters = NonNullable<Input<'usageTotals'>['query']>;

/** A page of the farm roles with servers on old images. */
export function usageListQuery(at: PathScope, query: UsageListInput = {}) {
  return operationQuery('usageList', at, { query });
}

/** The same, by farm, owner or image. */
export function usageGroupListQuery(at: PathScope, query: UsageGroupListInput) {
  return operationQuery('usageGroupList', at, { query });
}

/** How much is still on old images. */
export function usageTotalsQuery(at: PathScope, query: UsageFilters = {}) {
  return objectQuery('usageTotals', at, { query });
}

/** The address to download the rows from, as CSV. */
export function usageExportUrl(
  at: PathScope,
  query: NonNullable<Input<'usageExport'>['query']>,
): string {
  return operationUrl('usageExport', at, { query });
}

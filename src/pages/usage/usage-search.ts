import type { UsageFilters, UsageListInput } from '../../api/usage.ts';
import { cloudPlatforms } from '#contract/images/platforms.ts';

import { fleetFilters, fleetParams } from '../../util/fleet-search.ts';
import type { Search } from '../../util/paths.ts';
import {
  choiceParam,
  idParam,
  listParams,
  pageOf,
  parseSearch,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

/** What the address of the page holds. */
export const usageFields = {
  ...fleetParams,
  farm: idParam(),
  cloud: choiceParam(cloudPlatforms),
  location: textParam(),
  why: choiceParam(['stale', 'deprecated']),
  by: choiceParam(['farm', 'owner', 'image']),
  ...listParams(['servers', 'since', 'farm'], '-servers'),
};
export type UsageSearch = SearchState<typeof usageFields>;

/** The filters alone, as totals and the export take them. */
export function filtersOf(state: UsageSearch): UsageFilters {
  return {
    ...fleetFilters(state),
    farm: state.farm?.toString(),
    cloudPlatform: state.cloud,
    cloudLocation: state.location,
    why: state.why,
  };
}

/** A page of rows or groups under the filters. */
export function listInputOf(state: UsageSearch): UsageListInput {
  return {
    ...filtersOf(state),
    sort: state.sort,
    ...pageOf(state),
    include: ['total'],
  };
}

/** The same from a request's address, for the loader. */
export function stateOf(params: URLSearchParams): UsageSearch {
  return parseSearch(usageFields, params);
}

/** The address of other rows under the same filters, on their first page. */
export function withFilters(state: UsageSearch, change: Search): Search {
  const { query, account, environment, owner, farm, role, image, imageSet } = state;
  const { cloud, location, why, by, observed } = state;
  const fleet = { query, account, environment, owner, farm, role, image, imageSet };
  return { ...fleet, cloud, location, why, by, observed: observed?.toString(), ...change };
}

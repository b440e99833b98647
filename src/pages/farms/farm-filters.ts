import { farmStatuses } from '#contract/farms/statuses.ts';

import { farmListQuery } from '../../api/farms.ts';
import type { FarmListInput } from '../../api/farms.ts';
import type { UsageFilters } from '../../api/usage.ts';
import {
  filtersBy,
  flagOptions,
  optionsOf,
  useSourceFilter,
} from '../../components/filters/choices.ts';
import {
  useBroughtFilters,
  useScopeBelowFilters,
} from '../../components/filters/use-fleet-filters.ts';
import { ownerOptions } from '../../components/options/sources.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { fleetFilters, fleetParams } from '../../util/fleet-search.ts';
import type { PathScope } from '../../util/paths.ts';
import {
  choiceParam,
  flagParam,
  listParams,
  pageOf,
  parseSearch,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

import { farmStatusWord } from './farm-columns.tsx';

/** What the address of the list holds. */
const search = {
  ...fleetParams,
  status: choiceParam(farmStatuses),
  old: flagParam(),
  ...listParams(['name', 'servers', 'oldServers', 'added'], 'name'),
};
type FarmSearch = SearchState<typeof search>;

/**
 * The filters of the list as contacts take them.
 * @returns undefined where a filter finds farms that those cannot find
 */
export function contactFiltersOf(state: FarmSearch): UsageFilters | undefined {
  const { query, ...filters } = fleetFilters(state);
  const isMore = (query ?? '') !== '' || state.status !== undefined || state.old === false;
  return isMore ? undefined : filters;
}

/** What the address of the list holds now. */
export function useFarmSearch(): FarmSearch {
  return useUrlState(search)[0];
}

const searchWords = {
  label: 'Search farms',
  placeholder: 'Name of a farm',
  members: ['name'],
};

function listInput(state: FarmSearch): FarmListInput {
  return {
    ...fleetFilters(state),
    status: state.status,
    onOldImages: state.old,
    sort: state.sort,
    ...pageOf(state),
    include: ['usage', 'total', 'actions'],
  };
}

/** The same from a request's address, for the loader. */
export function listInputOf(params: URLSearchParams): FarmListInput {
  return listInput(parseSearch(search, params));
}

/** The farms list: its filters as the address has them, what the filter bar shows, and the rows. */
export function useFarmList(at: PathScope) {
  const base = useList(search, (state) => farmListQuery(at, listInput(state)));
  const { state, patch, list } = base;
  const below = useScopeBelowFilters(at, state, patch);
  const { role, image, imageSet } = state;
  const brought = useBroughtFilters(at, { role, image, imageSet }, patch);
  const known = list.data?.data.find((farm) => farm.owner.id === state.owner)?.owner;
  const owner = useSourceFilter(
    {
      id: 'owner',
      label: 'Owner',
      source: ownerOptions(at),
      value: state.owner?.toString() ?? '',
      onChange: (value) => patch({ owner: value }),
    },
    known && { value: String(known.id), label: known.name },
  );
  const filter = filtersBy(state, patch);
  const filters = [
    ...below,
    filter('status', 'Status', optionsOf(farmStatuses, farmStatusWord)),
    filter('old', 'Images', flagOptions('Some servers on old images', 'No server on an old image')),
    filter('observed', 'Run by', flagOptions('Something else (observed)', 'Slipway')),
    owner,
    ...brought,
  ];
  return useListing(base, filters, searchWords);
}

import { useQuery } from '@tanstack/react-query';
import { farmStatuses } from '#contract/farms/statuses.ts';

import { farmListQuery } from '../../api/farms.ts';
import type { FarmListInput } from '../../api/farms.ts';
import { activeFilters } from '../../components/filters/FilterBar.tsx';
import type { Filter } from '../../components/filters/filter.ts';
import {
  useBroughtFilters,
  useScopeBelowFilters,
} from '../../components/filters/use-fleet-filters.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import type { PathScope } from '../../util/paths.ts';
import {
  choiceParam,
  flagParam,
  idParam,
  pageSizeParam,
  parseSearch,
  patternParam,
  sortParam,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';
import { uuidPattern } from '../../util/uuid.ts';

import { farmStatusWord } from './farm-columns.tsx';

/** What the address of the list holds. */
const search = {
  query: textParam(),
  account: idParam(),
  environment: idParam(),
  owner: idParam(),
  role: idParam(),
  image: patternParam(uuidPattern),
  status: choiceParam(farmStatuses),
  old: flagParam(),
  sort: sortParam(['name', 'added'], 'name'),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};
type FarmSearch = SearchState<typeof search>;

function listInput(state: FarmSearch): FarmListInput {
  return {
    query: state.query,
    account: state.account?.toString(),
    environment: state.environment?.toString(),
    owner: state.owner?.toString(),
    role: state.role?.toString(),
    image: state.image,
    status: state.status,
    onOldImages: state.old,
    sort: state.sort,
    maxResults: state.pageSize,
    cursor: state.cursor === '' ? 'start' : state.cursor,
    include: ['usage', 'total'],
  };
}

/** The same from a request's address, for the loader. */
export function listInputOf(params: URLSearchParams): FarmListInput {
  return listInput(parseSearch(search, params));
}

/** The farms list: its filters as the address has them, what the filter bar shows, and the rows. */
export function useFarmList(at: PathScope) {
  const [state, patch] = useUrlState(search);
  const list = useQuery(farmListQuery(at, listInput(state)));
  const below = useScopeBelowFilters(at, state, patch);
  const brought = useBroughtFilters(at, { role: state.role, image: state.image }, patch);
  const owner = list.data?.data.find((farm) => farm.owner.id === state.owner)?.owner;
  const filters = [...below, ...ownFilters(state, patch, owner?.name), ...brought];
  const searchBox = {
    label: 'Search farms',
    placeholder: 'Name of a farm',
    value: state.query,
    onChange: (query: string) => patch({ query }, { replace: true }),
  };
  return {
    list,
    state,
    patch,
    filters,
    searchBox,
    clear: () =>
      patch({ ...Object.fromEntries(filters.map((filter) => [filter.id, ''])), query: '' }),
    active: activeFilters(filters, searchBox),
    /** Names the question, so that another answer is not taken for a change. */
    listKey: JSON.stringify(state),
  };
}

/** @param ownerName of the owner that is chosen, when a row shows it */
function ownFilters(
  state: FarmSearch,
  patch: (change: Record<string, string>) => void,
  ownerName: string | undefined,
): Filter[] {
  return [
    {
      id: 'status',
      label: 'Status',
      options: farmStatuses.map((value) => ({ value, label: farmStatusWord[value] })),
      value: state.status ?? '',
      onChange: (status) => patch({ status }),
    },
    {
      id: 'old',
      label: 'Images',
      options: [
        { value: 'true', label: 'Some servers on old images' },
        { value: 'false', label: 'No server on an old image' },
      ],
      value: state.old === undefined ? '' : String(state.old),
      onChange: (old) => patch({ old }),
    },
    ...(state.owner === undefined
      ? []
      : [
          {
            id: 'owner',
            label: 'Owner',
            options: [{ value: String(state.owner), label: ownerName ?? `#${state.owner}` }],
            value: String(state.owner),
            onChange: (value) => patch({ owner: value }),
          },
        ]),
  ];
}

import { useQuery } from '@tanstack/react-query';
import { scopes } from '#contract/scope.ts';

import { osListQuery } from '../../api/os.ts';
import { roleListQuery } from '../../api/roles.ts';
import type { RoleListInput } from '../../api/roles.ts';
import {
  filtersBy,
  flagOptions,
  namedOptions,
  optionsOf,
  scopeFilters,
  useSourceFilter,
} from '../../components/filters/choices.ts';
import { useBroughtFilters } from '../../components/filters/use-fleet-filters.ts';
import { categoryOptions } from '../../components/options/sources.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import type { PathScope } from '../../util/paths.ts';
import {
  choiceParam,
  flagParam,
  idParam,
  listParams,
  pageOf,
  parseSearch,
  patternParam,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';
import { uuidPattern } from '../../util/uuid.ts';

const states = ['active', 'deprecated'] as const;

/** What the address of the list holds. */
const search = {
  query: textParam(),
  scope: choiceParam(scopes),
  category: idParam(),
  os: patternParam(/^[A-Za-z0-9-]{1,25}$/),
  state: choiceParam(states),
  inUse: flagParam(),
  quickStart: flagParam(),
  /** Only ever brought along by a link from an image or a version: what its usage counts. */
  image: patternParam(uuidPattern),
  imageSet: idParam(),
  view: choiceParam(['matrix']),
  ...listParams(['name', 'os', 'farms', 'servers', 'oldServers', 'lastUsed', 'added'], 'name'),
};
type RoleSearch = SearchState<typeof search>;

const searchWords = {
  label: 'Search roles',
  placeholder: 'Name, description or cloud image ID',
  members: ['name', 'description'],
};

/** What to ask the server for, as the address has it. */
function listInput(state: RoleSearch): RoleListInput {
  return {
    query: state.query,
    scope: state.scope,
    category: state.category?.toString(),
    os: state.os,
    deprecated: state.state === undefined ? undefined : state.state === 'deprecated',
    inUse: state.inUse,
    quickStart: state.quickStart,
    usageOf: state.image,
    usageOfSet: state.imageSet?.toString(),
    sort: state.sort,
    ...pageOf(state),
    include: ['images', 'usage', 'actions', 'total'],
  };
}

/** The same from a request's address, for the loader. */
export function listInputOf(params: URLSearchParams): RoleListInput {
  return listInput(parseSearch(search, params));
}

/** The roles list: its filters as the address has them, what the filter bar shows, and the rows. */
export function useRoleList(at: PathScope) {
  const base = useList(search, (state) => roleListQuery(at, listInput(state)));
  const { state, patch } = base;
  const os = useQuery(osListQuery(at)).data?.data;
  const category = useSourceFilter({
    id: 'category',
    label: 'Category',
    source: categoryOptions(at),
    value: state.category?.toString() ?? '',
    onChange: (value) => patch({ category: value }),
  });
  const { image, imageSet } = state;
  const brought = useBroughtFilters(at, { image, imageSet }, patch);
  const filter = filtersBy(state, patch);
  const filters = [
    ...scopeFilters(at, filter),
    category,
    filter('os', 'OS', namedOptions(os)),
    filter('state', 'Status', optionsOf(states, { active: 'Active', deprecated: 'Deprecated' })),
    filter('inUse', 'Use', flagOptions('In use', 'Not used')),
    filter('quickStart', 'Quick start', flagOptions('Yes', 'No')),
    ...brought,
  ];
  return useListing(base, filters, searchWords);
}

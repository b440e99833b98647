import { useQuery } from '@tanstack/react-query';
import { scopeLabel, scopeRank, scopes } from '#contract/scope.ts';

import { imageQuery } from '../../api/images.ts';
import { osListQuery } from '../../api/os.ts';
import { usePrefetchNext } from '../../api/query.ts';
import { roleCategoryListQuery } from '../../api/role-categories.ts';
import { roleListQuery } from '../../api/roles.ts';
import type { RoleListInput } from '../../api/roles.ts';
import { activeFilters } from '../../components/filters/FilterBar.tsx';
import type { Filter } from '../../components/filters/filter.ts';
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

const sorts = ['name', 'os', 'lastUsed', 'added'] as const;

/** What the address of the list holds. */
const search = {
  query: textParam(),
  scope: choiceParam(scopes),
  category: idParam(),
  os: patternParam(/^[A-Za-z0-9-]{1,25}$/),
  state: choiceParam(['active', 'deprecated']),
  inUse: flagParam(),
  quickStart: flagParam(),
  /** Only ever brought along by a link from an image. */
  image: patternParam(uuidPattern),
  view: choiceParam(['matrix']),
  sort: sortParam(sorts, 'name'),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};
type RoleSearch = SearchState<typeof search>;

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
    image: state.image,
    sort: state.sort,
    maxResults: state.pageSize,
    cursor: state.cursor === '' ? 'start' : state.cursor,
    include: ['images', 'usage', 'actions', 'total'],
  };
}

/** The same from a request's address, for the loader. */
export function listInputOf(params: URLSearchParams): RoleListInput {
  return listInput(parseSearch(search, params));
}

type Patch = ReturnType<typeof useUrlState<typeof search>>[1];

function useFilters(at: PathScope, state: RoleSearch, patch: Patch): Filter[] {
  const os = useQuery(osListQuery(at)).data?.data ?? [];
  const categories = useQuery(roleCategoryListQuery(at)).data?.data ?? [];
  const image = useQuery({
    ...imageQuery(at, state.image ?? ''),
    enabled: state.image !== undefined,
  });
  const single = (
    id: 'scope' | 'category' | 'os' | 'state' | 'inUse' | 'quickStart' | 'image',
    label: string,
    options: Filter['options'],
  ): Filter => ({
    id,
    label,
    options,
    value: state[id]?.toString() ?? '',
    onChange: (value) => patch({ [id]: value }),
  });
  const seen = scopes.filter((scope) => scopeRank[scope] <= scopeRank[at.scope]);
  const brought = image.data?.name ?? `#${state.image}`;
  return [
    ...(seen.length > 1
      ? [
          single(
            'scope',
            'Scope',
            seen.map((value) => ({ value, label: scopeLabel[value] })),
          ),
        ]
      : []),
    single(
      'category',
      'Category',
      categories.map(({ id, name }) => ({ value: String(id), label: name })),
    ),
    single(
      'os',
      'OS',
      os.map(({ id, name }) => ({ value: id, label: name })),
    ),
    single('state', 'Status', [
      { value: 'active', label: 'Active' },
      { value: 'deprecated', label: 'Deprecated' },
    ]),
    single('inUse', 'Use', [
      { value: 'true', label: 'In use' },
      { value: 'false', label: 'Not used' },
    ]),
    single('quickStart', 'Quick start', [
      { value: 'true', label: 'Yes' },
      { value: 'false', label: 'No' },
    ]),
    ...(state.image === undefined
      ? []
      : [single('image', 'Image', [{ value: state.image, label: brought }])]),
  ];
}

/** The roles list: its filters as the address has them, what the filter bar shows, and the rows. */
export function useRoleList(at: PathScope) {
  const [state, patch] = useUrlState(search);
  const list = useQuery(roleListQuery(at, listInput(state)));
  usePrefetchNext(list, (cursor) => roleListQuery(at, listInput({ ...state, cursor })));
  const filters = useFilters(at, state, patch);
  const searchBox = {
    label: 'Search roles',
    placeholder: 'Name of a role',
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

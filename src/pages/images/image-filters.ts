import { useQuery } from '@tanstack/react-query';
import { architectures } from '#contract/images/architectures.ts';
import type { Image } from '#contract/images/images.ts';
import {
  cloudPlatformLabel,
  cloudPlatforms,
  hasImageLocation,
} from '#contract/images/platforms.ts';
import { scopeLabel, scopeRank, scopes } from '#contract/scope.ts';

import { imageListQuery } from '../../api/images.ts';
import type { ImageListInput } from '../../api/images.ts';
import { osListQuery } from '../../api/os.ts';
import { usePrefetchNext } from '../../api/query.ts';
import { activeFilters } from '../../components/filters/FilterBar.tsx';
import type { Filter } from '../../components/filters/filter.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { knownLocations } from '../../util/cloud-locations.ts';
import type { PathScope } from '../../util/paths.ts';
import {
  choiceParam,
  flagParam,
  pageSizeParam,
  parseSearch,
  patternParam,
  sortParam,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

const sorts = ['name', 'cloudLocation', 'os', 'lastUsed', 'added'] as const;
const states = ['active', 'deprecated', 'pending_copy', 'pending_delete', 'failed'] as const;
type State = (typeof states)[number];

/** What the address of the list holds. */
const search = {
  query: textParam(),
  scope: choiceParam(scopes),
  cloud: choiceParam(cloudPlatforms),
  location: textParam(),
  os: patternParam(/^[A-Za-z0-9-]{1,25}$/),
  architecture: choiceParam(architectures),
  state: choiceParam(states),
  inUse: flagParam(),
  sort: sortParam(sorts, '-added'),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};
type ImageSearch = SearchState<typeof search>;

/** One word for people; two filters for the server. */
const filtersOfState: Record<State, Pick<ImageListInput, 'status' | 'deprecated'>> = {
  active: { status: 'active', deprecated: false },
  deprecated: { deprecated: true },
  pending_copy: { status: 'pending_copy' },
  pending_delete: { status: 'pending_delete' },
  failed: { status: 'failed' },
};

/** What to ask the server for, as the address has it. */
function listInput(state: ImageSearch): ImageListInput {
  return {
    query: state.query,
    scope: state.scope,
    cloudPlatform: state.cloud,
    // The server wants a cloud beside a location, since clouds use the same names.
    cloudLocation: state.cloud === undefined ? undefined : state.location,
    os: state.os,
    architecture: state.architecture,
    ...(state.state === undefined ? {} : filtersOfState[state.state]),
    inUse: state.inUse,
    sort: state.sort,
    maxResults: state.pageSize,
    cursor: state.cursor === '' ? 'start' : state.cursor,
    include: ['usage', 'actions', 'total'],
  };
}

/** The same from a request's address, for the loader. */
export function listInputOf(params: URLSearchParams): ImageListInput {
  return listInput(parseSearch(search, params));
}

const labels = (values: readonly string[], words: Partial<Record<string, string>>) =>
  values.map((value) => ({ value, label: words[value] ?? value }));

type Options = Record<'scope' | 'location' | 'os', Filter['options']>;

/** The places to offer: the usual ones of the chosen cloud, and those that the rows are in. */
function locationOptions(cloud: string | undefined, rows: readonly Image[]): Filter['options'] {
  const seen = rows
    .filter((row) => row.cloudLocation !== '')
    .map((row) => `${row.cloudPlatform}:${row.cloudLocation}`);
  const usual = Object.entries(knownLocations).flatMap(([platform, locations]) =>
    (locations ?? []).map((location) => `${platform}:${location}`),
  );
  return [...new Set([...seen, ...usual])]
    .filter((value) => cloud === undefined || value.startsWith(`${cloud}:`))
    .toSorted()
    .map((value) => {
      const [platform = '', ...rest] = value.split(':');
      const location = rest.join(':');
      const label =
        cloud === undefined ? `${cloudPlatformLabel[platform] ?? platform} ${location}` : location;
      return { value, label };
    });
}

function filtersFrom(
  state: ImageSearch,
  patch: ReturnType<typeof useUrlState<typeof search>>[1],
  options: Options,
): Filter[] {
  const single = (
    id: 'scope' | 'os' | 'architecture' | 'state',
    label: string,
    list: Filter['options'],
  ): Filter => ({
    id,
    label,
    options: list,
    value: state[id] ?? '',
    onChange: (value) => patch({ [id]: value }),
  });
  const location =
    state.cloud === undefined || state.location === '' ? '' : `${state.cloud}:${state.location}`;
  return [
    ...(options.scope.length > 1 ? [single('scope', 'Scope', options.scope)] : []),
    {
      id: 'cloud',
      label: 'Cloud',
      options: labels(cloudPlatforms, cloudPlatformLabel),
      value: state.cloud ?? '',
      onChange: (value) => patch({ cloud: value, location: '' }),
    },
    ...(state.cloud === undefined || hasImageLocation(state.cloud)
      ? [
          {
            id: 'location',
            label: 'Location',
            options: options.location,
            value: location,
            onChange: (value: string) => {
              const [cloud = '', ...rest] = value.split(':');
              patch(value === '' ? { location: '' } : { cloud, location: rest.join(':') });
            },
          },
        ]
      : []),
    single('os', 'OS', options.os),
    single('architecture', 'Architecture', labels(architectures, {})),
    single(
      'state',
      'Status',
      labels(states, {
        active: 'Active',
        deprecated: 'Deprecated',
        pending_copy: 'Copying',
        pending_delete: 'Deleting',
        failed: 'Failed',
      }),
    ),
    {
      id: 'inUse',
      label: 'Use',
      options: [
        { value: 'true', label: 'In use' },
        { value: 'false', label: 'Not used' },
      ],
      value: state.inUse === undefined ? '' : String(state.inUse),
      onChange: (value) => patch({ inUse: value }),
    },
  ];
}

/** The images list: its filters as the address has them, what the filter bar shows, and the rows. */
export function useImageList(at: PathScope) {
  const [state, patch] = useUrlState(search);
  const list = useQuery(imageListQuery(at, listInput(state)));
  usePrefetchNext(list, (cursor) => imageListQuery(at, listInput({ ...state, cursor })));
  const os = useQuery(osListQuery(at)).data?.data ?? [];
  const filters = filtersFrom(state, patch, {
    scope: labels(
      scopes.filter((scope) => scopeRank[scope] <= scopeRank[at.scope]),
      scopeLabel,
    ),
    location: locationOptions(state.cloud, list.data?.data ?? []),
    os: os.map(({ id, name }) => ({ value: id, label: name })),
  });
  const searchBox = {
    label: 'Search images',
    placeholder: 'Name or cloud image ID',
    value: state.query,
    onChange: (query: string) => patch({ query }, { replace: true }),
  };
  const clear = () =>
    patch({
      query: '',
      scope: '',
      cloud: '',
      location: '',
      os: '',
      architecture: '',
      state: '',
      inUse: '',
    });
  return {
    list,
    state,
    patch,
    filters,
    searchBox,
    clear,
    active: activeFilters(filters, searchBox),
    /** Names the question, so that another answer is not taken for a change. */
    listKey: JSON.stringify(state),
  };
}

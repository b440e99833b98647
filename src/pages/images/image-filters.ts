import { useQuery } from '@tanstack/react-query';
import { architectures } from '#contract/images/architectures.ts';
import {
  cloudPlatformLabel,
  cloudPlatforms,
  hasImageLocation,
} from '#contract/images/platforms.ts';
import { scopes } from '#contract/scope.ts';

import { imageListQuery } from '../../api/images.ts';
import type { ImageListInput } from '../../api/images.ts';
import { osListQuery } from '../../api/os.ts';
import {
  filtersBy,
  flagOptions,
  locationFilters,
  namedOptions,
  optionsOf,
  scopeFilters,
} from '../../components/filters/choices.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { locationOptions } from '../../components/options/sources.ts';
import type { PathScope } from '../../util/paths.ts';
import {
  choiceParam,
  flagParam,
  listParams,
  pageOf,
  parseSearch,
  patternParam,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

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
  ...listParams(['name', 'cloudLocation', 'os', 'roles', 'servers', 'lastUsed', 'added'], '-added'),
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

const stateWords: Record<State, string> = {
  active: 'Active',
  deprecated: 'Deprecated',
  pending_copy: 'Copying',
  pending_delete: 'Deleting',
  failed: 'Failed',
};

const searchWords = {
  label: 'Search images',
  placeholder: 'Name, description or ID',
  members: ['name', 'cloudImageId', 'id', 'description'],
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
    ...pageOf(state),
    include: ['usage', 'actions', 'total'],
  };
}

/** The same from a request's address, for the loader. */
export function listInputOf(params: URLSearchParams): ImageListInput {
  return listInput(parseSearch(search, params));
}

/** The images list: its filters as the address has them, what the filter bar shows, and the rows. */
export function useImageList(at: PathScope) {
  const base = useList(search, (state) => imageListQuery(at, listInput(state)));
  const { state, patch } = base;
  const os = useQuery(osListQuery(at)).data?.data;
  const filter = filtersBy(state, patch);
  const [cloud, location] = locationFilters(state, patch, {
    clouds: optionsOf(cloudPlatforms, cloudPlatformLabel),
    source: locationOptions(at, { cloudPlatform: state.cloud }),
  });
  const filters = [
    ...scopeFilters(at, filter),
    cloud,
    ...(state.cloud === undefined || hasImageLocation(state.cloud) ? [location] : []),
    filter('os', 'OS', namedOptions(os)),
    filter('architecture', 'Architecture', optionsOf(architectures)),
    filter('state', 'Status', optionsOf(states, stateWords)),
    filter('inUse', 'Use', flagOptions('In use', 'Not used')),
  ];
  return useListing(base, filters, searchWords);
}

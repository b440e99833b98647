import { useQuery } from '@tanstack/react-query';
import { architectures } from '#contract/images/architectures.ts';
import {
  cloudPlatformLabel,
  cloudPlatforms,
  hasImageLocation,
} from '#contract/images/platforms.ts';
import { scopes } from '#contract/scope.ts';

import { imageExportUrl, imageListQuery } from '../../api/images.ts';
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
import type { Filter } from '../../components/filters/filter.ts';
import { useBroughtFilters } from '../../components/filters/use-fleet-filters.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { locationOptions } from '../../components/options/sources.ts';
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

const states = ['active', 'deprecated', 'pending_copy', 'pending_delete', 'failed'] as const;
type State = (typeof states)[number];

/** What the addresses of images and of their versions both hold. */
export const imageFields = {
  query: textParam(),
  scope: choiceParam(scopes),
  cloud: choiceParam(cloudPlatforms),
  location: textParam(),
  os: patternParam(/^[A-Za-z0-9-]{1,25}$/),
  architecture: choiceParam(architectures),
  state: choiceParam(states),
  inUse: flagParam(),
  /** Versions, unless single images are wanted, or those that were here at a moment. */
  view: choiceParam(['images', 'then']),
};
type ImageFields = SearchState<typeof imageFields>;

/** What the address of the list holds. */
const search = {
  ...imageFields,
  /** Only ever brought along by a link from a version: its images. */
  imageSet: idParam(),
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

export const searchWords = {
  label: 'Search images',
  placeholder: 'Name, description or ID',
  members: ['name', 'cloudImageId', 'id', 'description'],
};

/** Which images are looked for, as the server is asked. */
export function conditionsOf(state: ImageFields) {
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
  };
}

/** All rows, as the address has them. */
function wholeInput(state: ImageSearch) {
  return { ...conditionsOf(state), set: state.imageSet?.toString(), sort: state.sort };
}

/** What to ask the server for, as the address has it. */
function listInput(state: ImageSearch): ImageListInput {
  return {
    ...wholeInput(state),
    ...pageOf(state),
    include: ['usage', 'actions', 'total'],
  };
}

/** The same from a request's address, for the loader. */
export function listInputOf(params: URLSearchParams): ImageListInput {
  return listInput(parseSearch(search, params));
}

type Patch = Parameters<typeof filtersBy>[1];

/** The filters that images and their versions share. */
export function useImageFilters(at: PathScope, state: ImageFields, patch: Patch): Filter[] {
  const os = useQuery(osListQuery(at)).data?.data;
  const filter = filtersBy(state, patch);
  const [cloud, location] = locationFilters(state, patch, {
    clouds: optionsOf(cloudPlatforms, cloudPlatformLabel),
    source: locationOptions(at, { cloudPlatform: state.cloud }),
  });
  return [
    ...scopeFilters(at, filter),
    cloud,
    ...(state.cloud === undefined || hasImageLocation(state.cloud) ? [location] : []),
    filter('os', 'OS', namedOptions(os)),
    filter('architecture', 'Arch.', optionsOf(architectures)),
    filter('state', 'Status', optionsOf(states, stateWords)),
    filter('inUse', 'Use', flagOptions('In use', 'Not used')),
  ];
}

/** The images list: its filters as the address has them, what the filter bar shows, and the rows. */
export function useImageList(at: PathScope) {
  const base = useList(search, (state) => imageListQuery(at, listInput(state)));
  const { state, patch } = base;
  const shared = useImageFilters(at, state, patch);
  const brought = useBroughtFilters(at, { imageSet: state.imageSet }, patch);
  const listing = useListing(base, [...shared, ...brought], searchWords);
  return { ...listing, csv: imageExportUrl(at, wholeInput(state)) };
}

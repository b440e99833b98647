import {
  cloudPlatformLabel,
  cloudPlatforms,
  hasImageLocation,
} from '#contract/images/platforms.ts';
import { replacementStates } from '#contract/replacements/replacements.ts';
import { scopeLabel, scopes } from '#contract/scope.ts';

import { replacementListQuery } from '../../api/replacements.ts';
import type { ReplacementListInput } from '../../api/replacements.ts';
import {
  filtersBy,
  locationFilters,
  optionsOf,
  useSourceFilter,
} from '../../components/filters/choices.ts';
import type { Filter } from '../../components/filters/filter.ts';
import { useBroughtFilters } from '../../components/filters/use-fleet-filters.ts';
import { listedStates, stateWord } from '../../components/flows/replaced-words.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import type { OptionSource } from '../../components/options/option-source.ts';
import {
  imageOptions,
  imageSetOptions,
  locationOptions,
  roleOptions,
} from '../../components/options/sources.ts';
import type { PathScope } from '../../util/paths.ts';
import {
  choiceParam,
  idParam,
  listParams,
  pageOf,
  parseSearch,
  patternParam,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';
import { uuidPattern } from '../../util/uuid.ts';

import { lineOptions, replacerOptions } from './replacement-options.ts';

/** What the address of the list holds. */
const search = {
  query: textParam(),
  state: choiceParam(replacementStates),
  scope: choiceParam(scopes),
  cloud: choiceParam(cloudPlatforms),
  location: textParam(),
  line: textParam(),
  imageSet: idParam(),
  image: patternParam(uuidPattern),
  role: idParam(),
  farm: idParam(),
  by: textParam(),
  ...listParams(['at'], '-at'),
};
type ReplacementSearch = SearchState<typeof search>;

const searchWords = {
  label: 'Search replacements',
  placeholder: 'Name or ID of an image',
  // Of its images, on either side: the server knows them.
  members: [],
};

function listInput(state: ReplacementSearch): ReplacementListInput {
  const { query, scope, cloud, location, line, image, by } = state;
  return {
    query,
    scope,
    line,
    image,
    by,
    imageSet: state.imageSet?.toString(),
    role: state.role?.toString(),
    farm: state.farm?.toString(),
    state: state.state === undefined ? [...listedStates] : [state.state],
    cloudPlatform: cloud,
    // The server wants a cloud beside a location, since clouds use the same names.
    cloudLocation: cloud === undefined ? undefined : location,
    sort: state.sort,
    ...pageOf(state),
    include: ['total', 'burnDown'],
  };
}

/** What to ask the server for, from a request's address. */
export function listInputOf(params: URLSearchParams): ReplacementListInput {
  return listInput(parseSearch(search, params));
}

type Patch = (change: Record<string, string>) => void;

/** Filters by what the server searches. */
function useSearchedFilters(at: PathScope, state: ReplacementSearch, patch: Patch): Filter[] {
  const filter = (
    id: 'line' | 'imageSet' | 'image' | 'role' | 'by',
    label: string,
    source: OptionSource,
  ) => ({
    id,
    label,
    source,
    value: state[id]?.toString() ?? '',
    onChange: (value: string) => patch({ [id]: value }),
  });
  const known = (value: string) => (value === '' ? undefined : { value, label: value });
  return [
    useSourceFilter(filter('line', 'Line', lineOptions(at)), known(state.line)),
    useSourceFilter(filter('imageSet', 'Version', imageSetOptions(at, {}))),
    useSourceFilter(filter('image', 'Image', imageOptions(at, {}))),
    useSourceFilter(filter('role', 'Role', roleOptions(at))),
    useSourceFilter(filter('by', 'Person', replacerOptions(at)), known(state.by)),
  ];
}

/** The list of replacements: its filters as the address has them, what the filter bar shows, and the rows. */
export function useReplacementList(at: PathScope) {
  const base = useList(search, (state) => replacementListQuery(at, listInput(state)));
  const { state, patch } = base;
  const filter = filtersBy(state, patch);
  const [cloud, location] = locationFilters(state, patch, {
    clouds: optionsOf(cloudPlatforms, cloudPlatformLabel),
    source: locationOptions(at, { cloudPlatform: state.cloud }),
  });
  const searched = useSearchedFilters(at, state, patch);
  const brought = useBroughtFilters(at, { farm: state.farm }, patch);
  const filters = [
    filter('state', 'State', optionsOf(replacementStates, stateWord)),
    filter('scope', 'Made at', optionsOf(scopes, scopeLabel)),
    cloud,
    ...(state.cloud === undefined || hasImageLocation(state.cloud) ? [location] : []),
    ...searched,
    ...brought,
  ];
  return useListing(base, filters, searchWords);
}

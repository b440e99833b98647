import { imageSetExportUrl, imageSetListQuery } from '../../api/image-sets.ts';
import type { ImageSetListInput } from '../../api/image-sets.ts';
import { filtersBy, flagOptions } from '../../components/filters/choices.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import type { PathScope } from '../../util/paths.ts';
import { flagParam, listParams, pageOf, parseSearch } from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

import { conditionsOf, imageFields, useImageFilters } from './image-filters.ts';

/** What the address of the list holds. */
const search = {
  ...imageFields,
  newest: flagParam(),
  ...listParams(['name', 'os', 'added'], '-added'),
};
type VersionSearch = SearchState<typeof search>;

const searchWords = {
  label: 'Search versions',
  placeholder: 'Name or ID',
  members: ['name'],
};

/** All rows, as the address has them. */
function wholeInput(state: VersionSearch) {
  return { ...conditionsOf(state), newest: state.newest, sort: state.sort };
}

/** What to ask the server for, as the address has it. */
function listInput(state: VersionSearch): ImageSetListInput {
  return {
    ...wholeInput(state),
    ...pageOf(state),
    include: ['usage', 'actions', 'total'],
  };
}

/** The order of single images as one of versions; what versions cannot be sorted by is their usual one. */
export function sortOfVersions(sort: string) {
  return search.sort.read(sort);
}

/** The same from a request's address, for the loader. */
export function versionInputOf(params: URLSearchParams): ImageSetListInput {
  return listInput(parseSearch(search, params));
}

/** The list of versions: one row for each image set of which an image passes the filters. */
export function useVersionList(at: PathScope) {
  const base = useList(search, (state) => imageSetListQuery(at, listInput(state)));
  const { state, patch } = base;
  const filters = [
    ...useImageFilters(at, state, patch),
    filtersBy(state, patch)(
      'newest',
      'Line',
      flagOptions('Newest of their line', 'Not the newest'),
    ),
  ];
  const listing = useListing(base, filters, searchWords);
  return { ...listing, csv: imageSetExportUrl(at, wholeInput(state)) };
}

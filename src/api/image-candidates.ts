import { infiniteQueryOptions } from '@tanstack/react-query';

import { call } from './client.ts';
import type { PathScope } from '../util/paths.ts';
import { cursorOf } from '../util/search-params.ts';

const pageSize = 50;

export interface CandidateSearch {
  /** Part of a name or of a cloud image id; with it other locations are searched as well. */
  query: string;
  /** The one role that it is wanted for. */
  roleId?: number | undefined;
}

/** What may replace an image, page after page, valid ones first; of the others, why not. */
export function imageCandidatePages(at: PathScope, imageId: string, search: CandidateSearch) {
  return infiniteQueryOptions({
    queryKey: ['imageCandidates', { at, params: { imageId }, pages: search }] as const,
    queryFn: ({ pageParam, signal }) =>
      call(
        'imageCandidates',
        at,
        { params: { imageId }, query: { ...search, cursor: pageParam, maxResults: pageSize } },
        signal,
      ),
    initialPageParam: 'start',
    getNextPageParam: (last) => cursorOf(last.pagination?.next),
  });
}

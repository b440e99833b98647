import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { locationListQuery } from '../../api/locations.ts';
import type { PathScope } from '../../util/paths.ts';

import { uniquePlaces } from './places.ts';
import type { Place } from './places.ts';

/** More locations than this no matrix could show. */
const most = 100;

/**
 * The places of a matrix: where images that this scope sees can enter roles, so that one sees where a
 * role could run but has no image, and where the shown roles have one. Undefined until they are known.
 * @param osId only images of this OS
 * @param own the places of the shown roles
 */
export function usePlaces(
  at: PathScope,
  own: readonly Place[],
  osId?: string,
): readonly Place[] | undefined {
  const { data, isPending } = useQuery(
    locationListQuery(at, { usable: true, os: osId, maxResults: most }),
  );
  return useMemo(
    () => (isPending ? undefined : uniquePlaces([...(data?.data ?? []), ...own])),
    [data, isPending, own],
  );
}

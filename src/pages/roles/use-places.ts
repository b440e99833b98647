import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { imageListQuery } from '../../api/images.ts';
import type { PathScope } from '../../util/paths.ts';

import { uniquePlaces } from './places.ts';
import type { Place } from './places.ts';

/** How many of the newest images are looked at. */
const newest = 100;

function placesQuery(at: PathScope, osId?: string) {
  return imageListQuery(at, {
    os: osId,
    status: 'active',
    deprecated: false,
    sort: '-added',
    maxResults: newest,
  });
}

/**
 * The places of a matrix: where the newest images that this scope sees can be used, so that one sees
 * where a role could run but has no image, and where the shown roles have one. Undefined until they
 * are known.
 * @param osId only images of this OS
 * @param own the places of the shown roles
 */
export function usePlaces(
  at: PathScope,
  own: readonly Place[],
  osId?: string,
): readonly Place[] | undefined {
  const { data, isPending } = useQuery(placesQuery(at, osId));
  return useMemo(
    () => (isPending ? undefined : uniquePlaces([...(data?.data ?? []), ...own])),
    [data, isPending, own],
  );
}

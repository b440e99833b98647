import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Image } from '#contract/images/images.ts';

import { imagesOfSetQuery } from '../../api/image-sets.ts';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

/** The old images of a replacement as they are now, by id, with what uses them; undefined until they are read. */
export function useOldImages(
  at: PathScope,
  { pairs }: ReplacementDetail,
): ReadonlyMap<string, Image> | undefined {
  const sets = [...new Set(pairs.flatMap(({ oldImage }) => oldImage.imageSet?.id ?? []))];
  const answers = useQueries({
    queries: sets.map((set) => imagesOfSetQuery(at, String(set))),
    combine: (results) => (results.some(({ data }) => data === undefined) ? undefined : results),
  });
  return useMemo(
    () =>
      answers &&
      new Map(answers.flatMap(({ data }) => data?.data ?? []).map((image) => [image.id, image])),
    [answers],
  );
}

/** Whether nothing uses an image any more, seen from where it is and all its uses are. */
export function isUnused(at: PathScope, image: Image): boolean {
  const isWhole = JSON.stringify(scopeOfPlace(image)) === JSON.stringify(at);
  return isWhole && image.usage?.roles === 0 && image.usage.servers === 0;
}

import { useQueries } from '@tanstack/react-query';
import type { Image } from '#contract/images/images.ts';

import { imagesOfSetQuery } from '../../api/image-sets.ts';
import type { PathScope } from '../../util/paths.ts';

import { placeKey } from './places.ts';
import type { Place, RoleCell } from './places.ts';

/** A version that a role gets, and which of its images: all where none is named. */
interface AskedVersion {
  setId: string;
  images: string[] | undefined;
}

/** `12`, or `12.8c12d2b8-…` for one of its images: names a version in an address. */
export function versionKey({ setId, imageId }: { setId: number; imageId: string }): string {
  return `${setId}.${imageId}`;
}

/** The version that a key names, or undefined. */
export function versionOf(key: string | undefined): AskedVersion | undefined {
  const [, setId, imageId] = /^(\d+)(?:\.([0-9a-f-]{36}))?$/.exec(key ?? '') ?? [];
  if (setId === undefined) return undefined;
  return { setId, images: imageId === undefined ? undefined : [imageId] };
}

/** No more versions of a role are looked through for what fills its holes. */
const mostVersions = 4;

/** An image that fills a hole, of a version that the role has elsewhere. */
export interface Filler {
  setId: number;
  imageId: string;
  name: string;
}

/**
 * What fills the holes of a role: for each place the image there of a version that the role has in another
 * place, of the architecture that it has elsewhere. Of several versions the one in the most places comes first.
 */
export function useFillers(at: PathScope, cells: readonly RoleCell[]): ReadonlyMap<string, Filler> {
  const sets = versionsOf(cells);
  const answers = useQueries({ queries: sets.map((id) => imagesOfSetQuery(at, String(id))) });
  return fillersOf(
    cells,
    sets.map((setId, index) => ({ setId, images: answers[index]?.data?.data ?? [] })),
  );
}

/** The versions that a role has, the one in the most places first. */
function versionsOf(cells: readonly RoleCell[]): number[] {
  const counts = new Map<number, number>();
  for (const { image } of cells) counts.set(image.set.id, (counts.get(image.set.id) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, mostVersions)
    .map(([id]) => id);
}

/** As useFillers, once the images are known. */
export function fillersOf(
  cells: readonly (Place & { image: { id: string } })[],
  versions: readonly {
    setId: number;
    images: readonly Pick<
      Image,
      'id' | 'name' | 'cloudPlatform' | 'cloudLocation' | 'architecture' | 'status' | 'deprecated'
    >[];
  }[],
): Map<string, Filler> {
  const held = new Set(cells.map(placeKey));
  const ids = new Set(cells.map(({ image }) => image.id));
  const own = versions.flatMap(({ images }) => images.filter(({ id }) => ids.has(id)));
  const architectures = new Set(own.map(({ architecture }) => architecture));
  const fillers = new Map<string, Filler>();
  for (const { setId, images } of versions) {
    for (const image of images) {
      const key = placeKey(image);
      const isUsable = image.status === 'active' && !image.deprecated;
      if (!isUsable || held.has(key) || fillers.has(key)) continue;
      if (architectures.has(image.architecture))
        fillers.set(key, { setId, imageId: image.id, name: image.name });
    }
  }
  return fillers;
}

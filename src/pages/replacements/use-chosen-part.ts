import { useMemo, useState } from 'react';
import type { RollBackPart } from '#contract/replacements/replacements.ts';

import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import type { Selection } from '../../components/table/table.ts';
import { formatQuantity } from '../../util/format.ts';

type Pair = ReplacementDetail['pairs'][number];

/** What tells places apart. */
export const placeKey = (place: { cloudPlatform: string; cloudLocation: string }) =>
  `${place.cloudPlatform} ${place.cloudLocation}`;
/** What tells pairs apart. */
export const pairKey = ({ oldImage, newImage }: Pair) => `${oldImage.id} ${newImage.id}`;

const none: ReadonlySet<string> = new Set();

/** A place is chosen with all its pairs: a role has one image there, whatever its architecture. */
function choosePlaces(
  pairs: readonly Pair[],
  places: ReadonlySet<string>,
  keys: ReadonlySet<string>,
): ReadonlySet<string> {
  const next = new Set(places);
  for (const pair of pairs) {
    const place = placeKey(pair.oldImage);
    const isOn = keys.has(pairKey(pair));
    if (isOn === places.has(place)) continue;
    if (isOn) next.add(place);
    else next.delete(place);
  }
  return next;
}

/** Which roles and places of a replacement are chosen, to be rolled back without the others. */
export function useChosenPart({ pairs }: ReplacementDetail) {
  const [places, setPlaces] = useState(none);
  const [roles, setRoles] = useState(none);
  return useMemo(() => {
    const inPlaces = formatQuantity(places.size, 'place');
    const words = {
      roles: formatQuantity(roles.size, 'role'),
      both: `${formatQuantity(roles.size, 'role')} in ${inPlaces}`,
    };
    const named = new Map(pairs.map(({ oldImage }) => [placeKey(oldImage), oldImage]));
    const part: RollBackPart = {
      ...(roles.size > 0 && { roles: [...roles].map(Number) }),
      ...(places.size > 0 && {
        places: [...places].flatMap((key) => {
          const place = named.get(key);
          return place === undefined
            ? []
            : [{ cloudPlatform: place.cloudPlatform, cloudLocation: place.cloudLocation }];
        }),
      }),
    };
    const placeSelection: Selection = {
      selected: new Set(
        pairs.filter(({ oldImage }) => places.has(placeKey(oldImage))).map(pairKey),
      ),
      onChange: (keys) => setPlaces(choosePlaces(pairs, places, keys)),
    };
    return {
      places: placeSelection,
      roles: { selected: roles, onChange: setRoles } satisfies Selection,
      part,
      count: roles.size > 0 ? roles.size : places.size,
      noun: roles.size > 0 ? 'role' : 'place',
      words: roles.size === 0 ? inPlaces : places.size === 0 ? words.roles : words.both,
      clear: () => {
        setPlaces(none);
        setRoles(none);
      },
    };
  }, [pairs, places, roles]);
}

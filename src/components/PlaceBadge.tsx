import type { Place } from '#contract/images/places.ts';

import { placeName } from '../util/places.ts';

import { ScopeBadge } from './ScopeBadge.tsx';

/** The scope that an object lives at, with the names of its account and environment. */
export function PlaceBadge({ place }: { place: Place }) {
  const name = place.scope === 'scalr' ? undefined : placeName(place);
  return <ScopeBadge scope={place.scope} name={name} />;
}

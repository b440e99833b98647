import type { Place } from '#contract/images/places.ts';
import type { Scope } from '#contract/scope.ts';

import type { PathScope } from './paths.ts';

/** Where an object lives, as the wire has it. */
interface PlaceIds {
  scope: Scope;
  accountId: number | null;
  envId: number | null;
}

/** The address scope of what lives there: an object of a lower scope is only found at its own. */
export function scopeOfPlace({ scope, accountId, envId }: PlaceIds): PathScope {
  if (scope === 'environment' && envId !== null) return { scope, environmentId: envId };
  if (scope === 'account' && accountId !== null) return { scope, accountId };
  return { scope: 'scalr' };
}

/** The environment of a farm, or of what belongs to one: all that its roles use is found there. */
export function environmentOf({ envId }: { envId: number }): PathScope {
  return { scope: 'environment', environmentId: envId };
}

/** What people call a place: `Corporate`, `Acme`, `Acme / Production`. */
export function placeName(place: Place): string {
  if (place.scope === 'scalr') return 'Corporate';
  if (place.scope === 'account') return place.accountName ?? `Account ${place.accountId}`;
  const name = place.envName ?? `Environment ${place.envId}`;
  return place.accountName === null ? name : `${place.accountName} / ${name}`;
}

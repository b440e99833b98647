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

/** The name of the account or environment that an object lives in; Corporate has none. */
export function nameOfPlace(place: {
  scope: Scope;
  accountName: string | null;
  envName: string | null;
}): string | undefined {
  if (place.scope === 'scalr') return undefined;
  return (place.scope === 'account' ? place.accountName : place.envName) ?? undefined;
}

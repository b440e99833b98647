import { userRoles } from '#contract/permissions.ts';
import type { UserRole } from '#contract/permissions.ts';
import type { Place } from '#contract/places.ts';
import { scopeRank } from '#contract/scope.ts';

import type { PathScope } from './paths.ts';

/** A user's role at a scope; it reaches everything below. */
export type Grant = Place & { role: UserRole };

/** The scope of a place, as addresses name it; undefined for one without its ids. */
export function pathScopeOf(place: Pick<Place, 'scope' | 'accountId' | 'envId'>) {
  const { scope, accountId, envId } = place;
  if (scope === 'scalr') return { scope } satisfies PathScope;
  if (scope === 'account' && accountId !== null) return { scope, accountId } satisfies PathScope;
  if (scope === 'environment' && envId !== null) {
    return { scope, environmentId: envId } satisfies PathScope;
  }
  return undefined;
}

/** What people call a place: `Corporate`, `Acme`, `Acme / Production`. */
export function placeName(place: Place): string {
  if (place.scope === 'scalr') return 'Corporate';
  if (place.scope === 'account') return place.accountName ?? `Account ${place.accountId}`;
  const name = place.envName ?? `Environment ${place.envId}`;
  return place.accountName === null ? name : `${place.accountName} / ${name}`;
}

/** Where a user starts: the highest scope that a grant is at, the first of several. */
export function highestScope(grants: readonly Grant[]): PathScope | undefined {
  const [first] = grants.toSorted((a, b) => scopeRank[a.scope] - scopeRank[b.scope]);
  return first === undefined ? undefined : pathScopeOf(first);
}

function reaches(grant: Grant, place: Pick<Place, 'scope' | 'accountId' | 'envId'>): boolean {
  if (grant.scope === 'scalr') return true;
  if (grant.scope === 'account') return grant.accountId === place.accountId;
  return place.scope === 'environment' && grant.envId === place.envId;
}

/** The strongest grant that counts at a place, or undefined where the user has none. */
export function grantAt(
  grants: readonly Grant[],
  place: Pick<Place, 'scope' | 'accountId' | 'envId'>,
): Grant | undefined {
  const strength = (grant: Grant) => userRoles.indexOf(grant.role);
  return grants
    .filter((grant) => reaches(grant, place))
    .toSorted((a, b) => strength(b) - strength(a))[0];
}

import { userRoles } from '#contract/permissions.ts';
import type { UserRole } from '#contract/permissions.ts';
import type { Place } from '#contract/images/places.ts';
import { scopeRank } from '#contract/scope.ts';

import type { PathScope } from './paths.ts';
import { scopeOfPlace } from './places.ts';

/** A user's role at a scope; it reaches everything below. */
export type Grant = Place & { role: UserRole };

/** Where a user starts: the highest scope that a grant is at, the first of several. */
export function highestScope(grants: readonly Grant[]): PathScope | undefined {
  const [first] = grants.toSorted((a, b) => scopeRank[a.scope] - scopeRank[b.scope]);
  return first === undefined ? undefined : scopeOfPlace(first);
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

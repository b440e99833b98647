import { useQuery } from '@tanstack/react-query';

import { scopeQuery } from '../api/scopes.ts';
import type { PathScope, Section } from '../util/paths.ts';

import type { NavigationCount } from './Navigation.tsx';

/** How much there is at a scope; nothing while it is not known. */
export function useNavigationCounts(
  scope: PathScope | undefined,
): Partial<Record<Section, NavigationCount>> {
  const { data } = useQuery({
    ...scopeQuery(scope ?? { scope: 'scalr' }),
    enabled: scope !== undefined,
  });
  const counts = data?.counts;
  if (scope === undefined || counts === undefined) return {};
  return {
    // What the page opens on.
    images: { value: counts.imageSets, meaning: 'versions' },
    roles: { value: counts.roles, meaning: 'roles' },
    farms: { value: counts.farms, meaning: 'farms' },
    usage: {
      value: counts.farmsOnOldImages,
      meaning: 'farms on old images',
      attention: counts.farmsOnOldImages > 0,
    },
  };
}

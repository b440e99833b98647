import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';
import { scopeLabel } from '#contract/scope.ts';

import { farmListQuery } from '../api/farms.ts';
import { imageListQuery } from '../api/images.ts';
import { roleListQuery } from '../api/roles.ts';
import { scopeListQuery } from '../api/scopes.ts';
import type { PaletteItem } from '../components/keyboard/CommandPalette.tsx';
import { paths } from '../util/paths.ts';
import type { PathScope, Section } from '../util/paths.ts';
import { placeName, scopeOfPlace } from '../util/places.ts';

const debounceMs = 120;
const perKind = 6;

interface SearchResults {
  results: readonly PaletteItem[];
  isSearching: boolean;
}

/** Scopes anywhere, and images, roles and farms of this scope, whose name has the text in it. */
export function useSearchResults(scope: PathScope, section: Section, text: string): SearchResults {
  const [query] = useDebouncedValue(text, debounceMs);
  const enabled = query !== '';
  const filter = { query, maxResults: perKind };
  const [scopes, images, roles, farms] = useQueries({
    queries: [
      { ...scopeListQuery(query), enabled },
      { ...imageListQuery(scope, { ...filter, sort: '-added' }), enabled },
      { ...roleListQuery(scope, filter), enabled },
      { ...farmListQuery(scope, filter), enabled },
    ],
  });
  if (text === '') return { results: [], isSearching: false };
  const results: PaletteItem[] = [
    ...(scopes.data?.data ?? []).slice(0, perKind).map((place) => {
      const to = paths.section(scopeOfPlace(place), section);
      return { id: `scope ${to}`, label: placeName(place), detail: scopeLabel[place.scope], to };
    }),
    ...(images.data?.data ?? []).map((image) => ({
      id: `image ${image.id}`,
      label: image.name,
      detail: `Image · ${cloudPlatformLabel[image.cloudPlatform] ?? image.cloudPlatform} ${image.cloudLocation}`,
      to: paths.image(scope, image.id),
    })),
    ...(roles.data?.data ?? []).map((role) => ({
      id: `role ${role.id}`,
      label: role.name,
      detail: `Role · ${scopeLabel[role.scope]}`,
      to: paths.role(scope, role.id),
    })),
    ...(farms.data?.data ?? []).map((farm) => ({
      id: `farm ${farm.id}`,
      label: farm.name,
      detail: `Farm · ${farm.accountName} / ${farm.envName}`,
      to: paths.farm(scope, farm.id),
    })),
  ];
  const isSearching =
    query !== text || [scopes, images, roles, farms].some((one) => one.isFetching);
  return { results, isSearching };
}

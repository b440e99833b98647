import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';
import { scopeLabel } from '#contract/scope.ts';

import { farmListQuery } from '../api/farms.ts';
import { imageListQuery } from '../api/images.ts';
import { ownerListQuery } from '../api/owners.ts';
import { replacementListQuery } from '../api/replacements.ts';
import { roleListQuery } from '../api/roles.ts';
import { scopeListQuery } from '../api/scopes.ts';
import { serverListQuery } from '../api/servers.ts';
import type { PaletteItem } from '../components/keyboard/CommandPalette.tsx';
import { formatQuantity } from '../util/format.ts';
import { paths } from '../util/paths.ts';
import type { PathScope, Section } from '../util/paths.ts';
import { placeName, scopeOfPlace } from '../util/places.ts';

const debounceMs = 120;
const perKind = 6;

interface SearchResults {
  results: readonly PaletteItem[];
  isSearching: boolean;
}

/** What is asked for a text: what has it in it, and first what is called exactly so. */
function queriesOf(at: PathScope, query: string) {
  const enabled = query !== '';
  const page = { maxResults: perKind, cursor: 'start' };
  const [like, exact] = [
    { ...page, query },
    { ...page, name: query },
  ];
  return [
    { ...scopeListQuery(query), enabled },
    { ...imageListQuery(at, { ...exact, sort: '-added' }), enabled },
    { ...imageListQuery(at, { ...like, sort: '-added' }), enabled },
    { ...roleListQuery(at, exact), enabled },
    { ...roleListQuery(at, like), enabled },
    { ...farmListQuery(at, exact), enabled },
    { ...farmListQuery(at, like), enabled },
    { ...ownerListQuery(at, like), enabled },
    { ...serverListQuery(at, like), enabled },
    { ...replacementListQuery(at, like), enabled },
  ] as const;
}

/** The first rows of two answers, each once. */
function firstOf<Row extends { id: string | number }>(
  ...answers: readonly ({ data: readonly Row[] } | undefined)[]
): Row[] {
  const rows = answers.flatMap((answer) => answer?.data ?? []);
  return [...new Map(rows.map((row) => [row.id, row])).values()].slice(0, perKind);
}

/** Scopes anywhere, and everything of this scope that has the text in its name, its cloud id or its address. */
export function useSearchResults(scope: PathScope, section: Section, text: string): SearchResults {
  const [query] = useDebouncedValue(text, debounceMs);
  const answers = useQueries({ queries: queriesOf(scope, query) });
  if (text === '') return { results: [], isSearching: false };
  const [scopes, namedImages, images, namedRoles, roles, namedFarms, farms] = answers;
  const [, , , , , , , owners, servers, replacements] = answers;
  const results: PaletteItem[] = [
    ...(scopes.data?.data ?? []).slice(0, perKind).map((place) => {
      const to = paths.section(scopeOfPlace(place), section);
      return { id: `scope ${to}`, label: placeName(place), detail: scopeLabel[place.scope], to };
    }),
    ...firstOf(namedImages.data, images.data).map((image) => ({
      id: `image ${image.id}`,
      label: image.name,
      detail: `Image · ${cloudPlatformLabel[image.cloudPlatform] ?? image.cloudPlatform} ${image.cloudLocation}`,
      to: paths.image(scope, image.id),
    })),
    ...firstOf(namedRoles.data, roles.data).map((role) => ({
      id: `role ${role.id}`,
      label: role.name,
      detail: `Role · ${scopeLabel[role.scope]}`,
      to: paths.role(scope, role.id),
    })),
    ...firstOf(namedFarms.data, farms.data).map((farm) => ({
      id: `farm ${farm.id}`,
      label: farm.name,
      detail: `Farm · ${farm.accountName} / ${farm.envName}`,
      to: paths.farm(scope, farm.id),
    })),
    ...firstOf(owners.data).map((owner) => ({
      id: `owner ${owner.id}`,
      label: owner.name,
      detail: `Farms of ${owner.email}`,
      to: paths.farms(scope, { owner: owner.id }),
    })),
    ...firstOf(servers.data).map((server) => ({
      id: `server ${server.id}`,
      label: server.cloudServerId ?? server.hostname,
      detail: `Server · ${server.farmRole.alias} of ${server.farm.name}`,
      to: paths.server(scope, server.id),
    })),
    ...firstOf(replacements.data).map(({ id, oldImage, newImage, roles: count }) => ({
      id: `replacement ${id}`,
      label: `${oldImage.name} by ${newImage.name}`,
      detail: `Replacement · ${formatQuantity(count, 'role')}`,
      to: paths.replacement(scope, id),
    })),
  ];
  return { results, isSearching: query !== text || answers.some((one) => one.isFetching) };
}

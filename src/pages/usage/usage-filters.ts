import { useQuery } from '@tanstack/react-query';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';
import type { UsageRow } from '#contract/farms/usage.ts';

import { usageGroupListQuery } from '../../api/usage.ts';
import { locationFilters, locationValue } from '../../components/filters/choices.ts';
import { activeFilters } from '../../components/filters/FilterBar.tsx';
import type { Filter } from '../../components/filters/filter.ts';
import {
  useBroughtFilters,
  useScopeBelowFilters,
} from '../../components/filters/use-fleet-filters.ts';
import { useSearch } from '../../components/lists/use-search.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import type { PathScope } from '../../util/paths.ts';

import { usageFields } from './usage-search.ts';
import type { UsageSearch } from './usage-search.ts';

type Options = Record<'owner' | 'image' | 'cloud' | 'location', Filter['options']>;

/** Options by their value, without repetition, in the order of their labels. */
function options(pairs: readonly (readonly [value: string, label: string])[]): Filter['options'] {
  return [...new Map(pairs)]
    .map(([value, label]) => ({ value, label }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
}

/**
 * What there is to filter by: the owners of the 100 farms and the 100 images with the most servers on
 * old images, whatever the filters are now.
 */
function useOptions(at: PathScope, isListed: boolean): Options {
  const most = { sort: '-servers', maxResults: 100, cursor: 'start' } as const;
  const groups = (by: 'farm' | 'image') => ({
    ...usageGroupListQuery(at, { by, ...most }),
    enabled: isListed,
    staleTime: 60_000,
  });
  const farms = useQuery(groups('farm')).data?.data ?? [];
  const images = useQuery(groups('image')).data?.data.flatMap(({ image }) => image ?? []) ?? [];
  const place = (image: (typeof images)[number]) => {
    const cloud = cloudPlatformLabel[image.cloudPlatform] ?? image.cloudPlatform;
    return `${cloud} ${image.cloudLocation}`.trim();
  };
  return {
    owner: options(farms.flatMap(({ owner }) => (owner ? [[String(owner.id), owner.name]] : []))),
    image: options(images.map((image) => [image.id, `${image.name}, ${place(image)}`])),
    cloud: options(
      images.map(({ cloudPlatform: id }) => [id, cloudPlatformLabel[id] ?? id] as const),
    ),
    location: options(
      images
        .filter(({ cloudLocation }) => cloudLocation !== '')
        .map((image) => [`${image.cloudPlatform}:${image.cloudLocation}`, place(image)] as const),
    ),
  };
}

/** What is chosen can always be named, even where it is not among what is offered. */
function withChosen(offered: Filter['options'], value: string, label = `#${value}`) {
  if (value === '' || offered.some((option) => option.value === value)) return offered;
  return [{ value, label }, ...offered];
}

/** The filters of the page as the address has them, and what the filter bar shows. */
export function useUsageFilters(at: PathScope, rows: readonly UsageRow[] | undefined) {
  const [state, patch] = useUrlState(usageFields);
  const offered = useOptions(at, rows !== undefined);
  const below = useScopeBelowFilters(at, state, patch);
  const row = rows?.[0];
  const brought = useBroughtFilters(
    at,
    { farm: state.farm, role: state.role },
    patch,
    rows === undefined ? undefined : { farm: row?.farm.name, role: row?.role.name },
  );
  const filters: Filter[] = [...below, ...ownFilters(state, patch, offered, row), ...brought];
  const onChange = (query: string) => patch({ query }, { replace: true });
  const typed = useSearch(state.query, onChange, rows === undefined);
  const search = {
    label: 'Search usage',
    placeholder: 'Farm, role, image or cloud image ID',
    value: state.query,
    onChange,
    typed,
  };
  return {
    state,
    patch,
    filters,
    search,
    clear: () =>
      patch({ ...Object.fromEntries(filters.map(({ id }) => [id, ''])), cloud: '', query: '' }),
    active: activeFilters(filters, search),
  };
}

type Patch = ReturnType<typeof useUrlState<typeof usageFields>>[1];

function ownFilters(
  state: UsageSearch,
  patch: Patch,
  offered: Options,
  row: UsageRow | undefined,
): Filter[] {
  const single = (id: 'owner' | 'image', label: string, name: string | undefined): Filter => {
    const value = state[id]?.toString() ?? '';
    return {
      id,
      label,
      options: withChosen(offered[id], value, name),
      value,
      onChange: (next) => patch({ [id]: next }),
    };
  };
  return [
    single('owner', 'Owner', row?.owner.name),
    single('image', 'Image', row?.image.name),
    ...placeFilters(state, patch, offered),
    {
      id: 'why',
      label: 'Why old',
      options: [
        { value: 'stale', label: 'The role has moved on (stale)' },
        { value: 'deprecated', label: 'The image is deprecated' },
      ],
      value: state.why ?? '',
      onChange: (value) => patch({ why: value }),
    },
  ];
}

function placeFilters(state: UsageSearch, patch: Patch, offered: Options): Filter[] {
  const { cloud = '', location } = state;
  const locations = offered.location.filter(
    ({ value }) => cloud === '' || value.startsWith(`${cloud}:`),
  );
  return locationFilters(state, patch, {
    cloud: withChosen(offered.cloud, cloud, cloudPlatformLabel[cloud] ?? cloud),
    location: withChosen(locations, locationValue(state), location),
  });
}

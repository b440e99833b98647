import { cloudPlatformLabel, cloudPlatforms } from '#contract/images/platforms.ts';
import type { UsageRow } from '#contract/farms/usage.ts';

import {
  filtersBy,
  flagOptions,
  locationFilters,
  optionsOf,
  useSourceFilter,
} from '../../components/filters/choices.ts';
import { activeFilters } from '../../components/filters/FilterBar.tsx';
import type { Filter } from '../../components/filters/filter.ts';
import {
  useBroughtFilters,
  useScopeBelowFilters,
} from '../../components/filters/use-fleet-filters.ts';
import type { Choice } from '../../components/options/choice.ts';
import {
  locationOptions,
  oldImageOptions,
  ownerOptions,
} from '../../components/options/sources.ts';
import { useSearch } from '../../components/lists/use-search.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import type { PathScope } from '../../util/paths.ts';

import { usageFields } from './usage-search.ts';
import type { UsageSearch } from './usage-search.ts';

/** The filters of the page as the address has them, and what the filter bar shows. */
export function useUsageFilters(at: PathScope, rows: readonly UsageRow[] | undefined) {
  const [state, patch] = useUrlState(usageFields);
  const below = useScopeBelowFilters(at, state, patch);
  const row = rows?.[0];
  const brought = useBroughtFilters(
    at,
    { farm: state.farm, role: state.role, imageSet: state.imageSet },
    patch,
    rows === undefined ? undefined : { farm: row?.farm.name, role: row?.role.name },
  );
  const filters: Filter[] = [...below, ...useOwnFilters(at, state, patch, row), ...brought];
  const onChange = (query: string) => patch({ query }, { replace: true });
  const typed = useSearch(state.query, onChange, rows === undefined);
  const search = {
    label: 'Search usage',
    placeholder: 'Farm, owner, place, role or image',
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

function known(value: string | undefined, label: string | undefined): Choice | undefined {
  return value === undefined || label === undefined ? undefined : { value, label };
}

/** Owners, images and locations are those with servers on old images, whatever the other filters are. */
function useOwnFilters(
  at: PathScope,
  state: UsageSearch,
  patch: Patch,
  row: UsageRow | undefined,
): Filter[] {
  const owner = useSourceFilter(
    {
      id: 'owner',
      label: 'Owner',
      source: ownerOptions(at, true),
      value: state.owner?.toString() ?? '',
      onChange: (value) => patch({ owner: value }),
    },
    known(state.owner?.toString(), row?.owner.name),
  );
  const image = useSourceFilter(
    {
      id: 'image',
      label: 'Image',
      source: oldImageOptions(at),
      value: state.image ?? '',
      onChange: (value) => patch({ image: value }),
    },
    known(state.image, row?.image.name),
  );
  const why = filtersBy(state, patch)('why', 'Why old', [
    { value: 'stale', label: 'The role has moved on (stale)' },
    { value: 'deprecated', label: 'The image is deprecated' },
  ]);
  const observed = filtersBy(state, patch)(
    'observed',
    'Run by',
    flagOptions('Something else (observed)', 'Slipway'),
  );
  const places = locationFilters(state, patch, {
    clouds: optionsOf(cloudPlatforms, cloudPlatformLabel),
    source: locationOptions(at, { cloudPlatform: state.cloud, onOldImages: true }),
  });
  return [owner, image, ...places, why, observed];
}

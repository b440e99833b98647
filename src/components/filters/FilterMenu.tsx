import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Suspense } from 'react';

import { useMenu } from '../../hooks/use-menu.ts';
import { lazyPart } from '../../util/lazy-part.ts';

import type { Filter } from './filter.ts';
import { isSearchable } from './filter-search.ts';

const FilterMenuOptions = lazyPart(
  async () => (await import('./FilterMenuOptions.tsx')).FilterMenuOptions,
);

/** One filter as a menu of its options. */
export function FilterMenu({ filter }: { filter: Filter }) {
  const { target, panel } = useMenu(
    FilterMenuOptions.fetchAhead,
    isSearchable(filter) ? 'dialog' : 'menu',
  );
  const isOn = filter.value !== '';
  return (
    <>
      <Button
        variant="subtle"
        color={isOn ? 'teal' : 'gray'}
        size="sm"
        rightSection={<IconChevronDown size={14} aria-hidden />}
        aria-label={`Filter by ${filter.label}${isOn ? ', on' : ''}`}
        {...target}
      >
        {filter.label}
      </Button>
      {panel !== undefined && (
        <Suspense>
          <FilterMenuOptions panel={panel} filter={filter} />
        </Suspense>
      )}
    </>
  );
}

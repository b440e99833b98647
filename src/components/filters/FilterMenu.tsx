import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Suspense } from 'react';

import { useMenu } from '../../hooks/use-menu.ts';
import { formatQuantity } from '../../util/format.ts';
import { lazyPart } from '../../util/lazy-part.ts';

import type { Filter } from './filter.ts';

const FilterMenuOptions = lazyPart(
  async () => (await import('./FilterMenuOptions.tsx')).FilterMenuOptions,
);

/** One filter as a menu of its options. */
export function FilterMenu({ filter }: { filter: Filter }) {
  const { target, panel } = useMenu(FilterMenuOptions.fetchAhead);
  const count = filter.value === '' ? 0 : filter.value.split(',').length;
  return (
    <>
      <Button
        variant="subtle"
        color={count > 0 ? 'teal' : 'gray'}
        size="sm"
        rightSection={<IconChevronDown size={14} aria-hidden />}
        aria-label={
          count === 0
            ? `Filter by ${filter.label}`
            : `Filter by ${filter.label}, ${formatQuantity(count, 'value')}`
        }
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

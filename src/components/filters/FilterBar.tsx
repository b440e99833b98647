import type { ReactNode } from 'react';
import { IconX } from '@tabler/icons-react';

import classes from './FilterBar.module.css';
import { FilterMenu } from './FilterMenu.tsx';
import type { Filter } from './filter.ts';
import { SearchBox } from './SearchBox.tsx';
import type { Typed } from '../lists/use-search.ts';
import { Soon } from '../Soon.tsx';

interface FilterBarProps {
  search?: {
    /** The accessible name: `Search images`. */
    label: string;
    placeholder: string;
    /** What the address has. */
    value: string;
    onChange: (value: string) => void;
    typed: Typed;
  };
  filters: readonly Filter[];
  onClear: () => void;
  /** At the right: the column chooser, an export. */
  end?: ReactNode;
}

/** The active filters in words, with the way to remove each; also what NoMatch wants. */
export function activeFilters(
  filters: readonly Filter[],
  search?: FilterBarProps['search'],
): { id: string; words: string; onRemove: () => void }[] {
  const chips = filters
    .filter((filter) => filter.value !== '')
    .map(({ id, label, options, value, onChange }) => ({
      id,
      words: `${label}: ${options.find((option) => option.value === value)?.label ?? value}`,
      onRemove: () => onChange(''),
    }));
  if (search === undefined || search.value === '') return chips;
  const words = `Search: ${search.value}`;
  return [{ id: 'search', words, onRemove: () => search.onChange('') }, ...chips];
}

/** Search, filters and what is active of them, above a list. */
export function FilterBar({ search, filters, onClear, end }: FilterBarProps) {
  const chips = activeFilters(filters);
  const hasAny = chips.length > 0 || (search !== undefined && search.value !== '');
  return (
    <search className={classes['bar']}>
      {/* Active filters may take another line. */}
      <Soon isNow={hasAny}>
        {search !== undefined && (
          <div className={classes['search']}>
            <SearchBox label={search.label} placeholder={search.placeholder} typed={search.typed} />
          </div>
        )}
        <div className={classes['filters']}>
          {filters.map((filter) => (
            <FilterMenu key={filter.id} filter={filter} />
          ))}
        </div>
        {hasAny && (
          <div className={classes['chips']}>
            {chips.map((chip) => (
              <button
                key={chip.id}
                type="button"
                className={classes['chip']}
                aria-label={`Remove filter ${chip.words}`}
                onClick={chip.onRemove}
              >
                <span className={classes['chipText']}>{chip.words}</span>
                <IconX size={14} aria-hidden />
              </button>
            ))}
            <button type="button" className={classes['clear']} onClick={onClear}>
              Clear all
            </button>
          </div>
        )}
        {end !== undefined && <div className={classes['end']}>{end}</div>}
      </Soon>
    </search>
  );
}

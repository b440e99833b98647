import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';

import { formatQuantity } from '../util/format.ts';

import type { Filter } from './FilterBar.tsx';

const searchableFrom = 10;

function Options({ filter }: { filter: Filter }) {
  if (filter.isMultiple === true) {
    const on = filter.value === '' ? [] : filter.value.split(',');
    return (
      <Menu.CheckboxGroup value={on} onChange={(values) => filter.onChange(values.join(','))}>
        {filter.options.map((option) => (
          <Menu.CheckboxItem key={option.value} value={option.value} closeMenuOnClick={false}>
            {option.label}
          </Menu.CheckboxItem>
        ))}
      </Menu.CheckboxGroup>
    );
  }
  return (
    <Menu.RadioGroup value={filter.value} onChange={filter.onChange}>
      <Menu.RadioItem value="">Any</Menu.RadioItem>
      {filter.options.map((option) => (
        <Menu.RadioItem key={option.value} value={option.value}>
          {option.label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

/** One filter as a menu of its options. */
export function FilterMenu({ filter }: { filter: Filter }) {
  const count = filter.value === '' ? 0 : filter.value.split(',').length;
  const isSearchable = filter.isSearchable ?? filter.options.length > searchableFrom;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
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
        >
          {filter.label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="min(24rem, 60vh)" style={{ overflowY: 'auto' }}>
        {isSearchable && <Menu.Search placeholder={`Find ${filter.label.toLowerCase()}`} />}
        <Options filter={filter} />
      </Menu.Dropdown>
    </Menu>
  );
}

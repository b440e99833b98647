import { Menu } from '@mantine/core';

import type { MenuPanelState } from '../../hooks/use-menu.ts';

import type { Filter } from './filter.ts';
import { MenuPanel } from '../actions/MenuPanel.tsx';

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

interface FilterMenuOptionsProps {
  panel: MenuPanelState;
  filter: Filter;
}

/** What a FilterMenu opens. */
export function FilterMenuOptions({ panel, filter }: FilterMenuOptionsProps) {
  const isSearchable = filter.isSearchable ?? filter.options.length > searchableFrom;
  return (
    <MenuPanel
      panel={panel}
      position="bottom-start"
      dropdown={{ mah: 'min(24rem, 60vh)', style: { overflowY: 'auto' } }}
    >
      {isSearchable && <Menu.Search placeholder={`Find ${filter.label.toLowerCase()}`} />}
      <Options filter={filter} />
    </MenuPanel>
  );
}

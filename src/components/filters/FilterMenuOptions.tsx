import { Menu, Popover } from '@mantine/core';

import { useOpenAfterMount } from '../../hooks/use-menu.ts';
import type { MenuPanelState } from '../../hooks/use-menu.ts';

import { MenuPanel } from '../actions/MenuPanel.tsx';
import { Anchor } from '../Anchor.tsx';
import { fixedOptions } from '../options/option-source.ts';
import { OptionList } from '../options/OptionList.tsx';

import type { Filter } from './filter.ts';
import { isSearchable } from './filter-search.ts';

interface FilterMenuOptionsProps {
  panel: MenuPanelState;
  filter: Filter;
}

/** What a FilterMenu opens: a few options as a menu, more with a field to find them by. */
export function FilterMenuOptions({ panel, filter }: FilterMenuOptionsProps) {
  if (isSearchable(filter)) return <FilterPicker panel={panel} filter={filter} />;
  return (
    <MenuPanel panel={panel} position="bottom-start">
      <Menu.RadioGroup value={filter.value} onChange={filter.onChange}>
        <Menu.RadioItem value="">Any</Menu.RadioItem>
        {filter.options.map((option) => (
          <Menu.RadioItem key={option.value} value={option.value}>
            {option.label}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </MenuPanel>
  );
}

function FilterPicker({ panel, filter }: FilterMenuOptionsProps) {
  const isOpen = useOpenAfterMount(panel.isOpen);
  return (
    <Popover
      id={panel.id}
      opened={isOpen}
      onChange={panel.onChange}
      position="bottom-start"
      offset={4}
      width="min(20rem, calc(100vw - 1rem))"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Anchor element={panel.anchor} />
      </Popover.Target>
      <Popover.Dropdown p="0.5rem" aria-label={`Filter by ${filter.label}`}>
        <OptionList
          label={
            filter.label === filter.label.toUpperCase() ? filter.label : filter.label.toLowerCase()
          }
          source={filter.source ?? fixedOptions(filter.options)}
          chosen={filter.options.find(({ value }) => value !== '' && value === filter.value)}
          onChoose={(value) => {
            panel.onChange(false);
            filter.onChange(value);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

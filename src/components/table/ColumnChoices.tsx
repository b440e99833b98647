import { Menu } from '@mantine/core';

import type { MenuPanelState } from '../../hooks/use-menu.ts';

import { MenuPanel } from '../actions/MenuPanel.tsx';

interface ColumnChoicesProps {
  panel: MenuPanelState;
  columns: readonly { id: string; header: string }[];
  shown: readonly string[];
  onChange: (shown: string[]) => void;
}

/** What the ColumnChooser opens. */
export function ColumnChoices({ panel, columns, shown, onChange }: ColumnChoicesProps) {
  return (
    <MenuPanel panel={panel} position="bottom-end">
      <Menu.CheckboxGroup value={[...shown]} onChange={onChange}>
        {columns.map((column) => (
          <Menu.CheckboxItem key={column.id} value={column.id} closeMenuOnClick={false}>
            {column.header}
          </Menu.CheckboxItem>
        ))}
      </Menu.CheckboxGroup>
    </MenuPanel>
  );
}

import { Menu } from '@mantine/core';
import type { MenuProps } from '@mantine/core';
import type { ReactNode } from 'react';

import { useOpenAfterMount } from '../../hooks/use-menu.ts';
import type { MenuPanelState } from '../../hooks/use-menu.ts';

import { Anchor } from '../Anchor.tsx';

interface MenuPanelProps extends Pick<MenuProps, 'position' | 'width'> {
  panel: MenuPanelState;
  /** How the list looks: a `className`, a `mah`. */
  dropdown?: { className?: string | undefined; mah?: string; style?: { overflowY: 'auto' } };
  /** Menu items. */
  children: ReactNode;
}

/** The floating part of a menu, apart from its button (hooks/use-menu.ts). */
export function MenuPanel({ panel, dropdown, children, ...place }: MenuPanelProps) {
  const isOpen = useOpenAfterMount(panel.isOpen);
  return (
    <Menu id={panel.id} opened={isOpen} onChange={panel.onChange} {...place}>
      <Menu.Target>
        <Anchor element={panel.anchor} />
      </Menu.Target>
      <Menu.Dropdown {...dropdown}>{children}</Menu.Dropdown>
    </Menu>
  );
}

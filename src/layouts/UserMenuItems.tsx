import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconKey, IconKeyboard, IconLogout, IconSunMoon } from '@tabler/icons-react';

import { Link } from 'react-router';

import { MenuPanel } from '../components/actions/MenuPanel.tsx';
import type { MenuPanelState } from '../hooks/use-menu.ts';
import { useShortcutsEnabled } from '../hooks/use-shortcuts.ts';
import { profilePath } from '../util/paths.ts';

export interface UserMenuItemsProps {
  panel: MenuPanelState;
  name: string;
  email: string;
  /** What the user may do, in words: `Publisher here, granted at Acme`; empty where there is no scope. */
  role: string;
  onKeyboardHelp: () => void;
  onSignOut: () => void;
}

/** What the UserMenu opens. */
export function UserMenuItems(props: UserMenuItemsProps) {
  const { panel, name, email, role, onKeyboardHelp, onSignOut } = props;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [shortcuts, setShortcuts] = useShortcutsEnabled();
  return (
    <MenuPanel panel={panel} position="bottom-end" width="16rem">
      <Menu.Label>
        <span style={{ color: 'var(--sw-text)' }}>{name}</span>
        {name !== email && <div>{email}</div>}
        {role !== '' && <div>{role}</div>}
      </Menu.Label>
      <Menu.Divider />
      <Menu.Item leftSection={<IconKey size={16} aria-hidden />} component={Link} to={profilePath}>
        Profile and API keys
      </Menu.Item>
      <Menu.CheckboxItem
        checked={colorScheme === 'auto'}
        onChange={(checked) => setColorScheme(checked ? 'auto' : 'light')}
        rightSection={<IconSunMoon size={16} aria-hidden />}
      >
        Colours follow the system
      </Menu.CheckboxItem>
      <Menu.CheckboxItem checked={shortcuts} onChange={setShortcuts}>
        Single-key shortcuts
      </Menu.CheckboxItem>
      <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={onKeyboardHelp}>
        Keyboard shortcuts
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={onSignOut}>
        Sign out
      </Menu.Item>
    </MenuPanel>
  );
}

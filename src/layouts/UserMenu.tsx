import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { IconKeyboard, IconLogout, IconSunMoon, IconUser } from '@tabler/icons-react';

import { useShortcutsEnabled } from '../hooks/use-shortcuts.ts';

interface UserMenuProps {
  name: string;
  email: string;
  /** What the user may do, in words: `Publisher here, granted at Acme`; empty where there is no scope. */
  role: string;
  onKeyboardHelp: () => void;
  onSignOut: () => void;
}

/** Who is signed in, and what belongs to this person and browser. */
export function UserMenu(props: UserMenuProps) {
  const { name, email, role, onKeyboardHelp, onSignOut } = props;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [shortcuts, setShortcuts] = useShortcutsEnabled();
  return (
    <Menu position="bottom-end" width="16rem">
      <Menu.Target>
        <ActionIcon aria-label={`User menu of ${email}`}>
          <IconUser size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span style={{ color: 'var(--sw-text)' }}>{name}</span>
          {name !== email && <div>{email}</div>}
          {role !== '' && <div>{role}</div>}
        </Menu.Label>
        <Menu.Divider />
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
      </Menu.Dropdown>
    </Menu>
  );
}

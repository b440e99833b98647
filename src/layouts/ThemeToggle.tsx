import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';

import { tip } from '../components/tip.ts';

/** Switches between light and dark; the user menu can go back to the system's choice. */
export function ThemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const next = scheme === 'dark' ? 'light' : 'dark';
  const label = `Switch to ${next} colours`;
  const Icon = scheme === 'dark' ? IconSun : IconMoon;
  return (
    <ActionIcon aria-label={label} {...tip(label)} onClick={() => setColorScheme(next)}>
      <Icon size={16} aria-hidden />
    </ActionIcon>
  );
}

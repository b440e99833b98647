import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

import { useReturnFocus } from '../hooks/use-return-focus.ts';

import { Logo } from './Logo.tsx';
import classes from './NavigationDrawer.module.css';

/** The navigation of a small screen, while it is open. */
export function NavigationDrawer(props: { onClose: () => void; children: ReactNode }) {
  useReturnFocus();
  return (
    <Drawer.Root opened onClose={props.onClose} size="15rem" returnFocus={false}>
      <Drawer.Overlay backgroundOpacity={0.4} />
      <Drawer.Content aria-label="Navigation">
        <div className={classes['head']}>
          <Logo />
          Slipway
          <Drawer.CloseButton aria-label="Close" />
        </div>
        {props.children}
      </Drawer.Content>
    </Drawer.Root>
  );
}

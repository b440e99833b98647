import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Suspense } from 'react';
import type { ReactNode } from 'react';

import { useMenu } from '../../hooks/use-menu.ts';
import { lazyPart } from '../../util/lazy-part.ts';

import classes from './ActionMenuButton.module.css';

const ActionMenuItems = lazyPart(
  async () => (await import('./ActionMenuItems.tsx')).ActionMenuItems,
);

/** One thing that can be done to an object, in a menu or in the bar of bulk actions. */
export interface ActionItem {
  id: string;
  label: string;
  icon?: ReactNode;
  /** Either an effect ... */
  onSelect?: (() => void) | undefined;
  /** ... or a place to go. */
  to?: string | undefined;
  danger?: boolean;
  /** Why it cannot be done now and what to do. Shown under the label. */
  disabledReason?: string | undefined;
  /** Draws a line above it. */
  startsGroup?: boolean;
}

interface ActionMenuProps {
  /** The accessible name, e.g. `Actions for web-base`. */
  label: string;
  /** Called once the menu was asked for: most menus of a table never are. */
  actions: () => readonly ActionItem[];
  /** A worded button instead of three dots, for action bars. */
  text?: string;
}

/** A menu of actions. What is impossible stays in the list, focusable, with its reason. */
export function ActionMenu({ label, actions, text }: ActionMenuProps) {
  const { target, panel } = useMenu();
  return (
    <>
      {text === undefined ? (
        // Plain, since every row of a table has one.
        <button type="button" className={classes['dots']} aria-label={label} {...target} />
      ) : (
        <Button
          variant="default"
          aria-label={label}
          rightSection={<IconChevronDown size={16} aria-hidden />}
          {...target}
        >
          {text}
        </Button>
      )}
      {panel !== undefined && (
        <Suspense>
          <ActionMenuItems panel={panel} actions={actions()} />
        </Suspense>
      )}
    </>
  );
}

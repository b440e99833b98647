import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Suspense } from 'react';
import type { ReactNode } from 'react';

import { useMenu } from '../../hooks/use-menu.ts';

import { ActionMenuPart } from './action-menu-part.ts';

/** One thing that can be done to an object, in a menu or in the bar of bulk actions. */
export interface ActionItem {
  id: string;
  label: string;
  icon?: ReactNode;
  /** Either an effect ... */
  onSelect?: (() => void) | undefined;
  /** ... or a place to go. */
  to?: string | undefined;
  /** Somebody points at it, focuses or presses it: what it needs can be fetched ahead. */
  onIntent?: (() => void) | undefined;
  danger?: boolean;
  /** Why it cannot be done now and what to do. Shown under the label. */
  disabledReason?: string | undefined;
  /** Draws a line above it. */
  startsGroup?: boolean;
}

interface ActionMenuProps {
  /** The accessible name, e.g. `More actions for web-base`. */
  label: string;
  /** Called once the menu was asked for. */
  actions: () => readonly ActionItem[];
  /** What the button says; part of its name. */
  text: string;
}

/** A button with a menu of actions. What is impossible stays in the list, focusable, with its reason. */
export function ActionMenu({ label, actions, text }: ActionMenuProps) {
  const { target, panel } = useMenu(ActionMenuPart.fetchAhead);
  return (
    <>
      <Button
        variant="default"
        aria-label={label}
        rightSection={<IconChevronDown size={16} aria-hidden />}
        {...target}
      >
        {text}
      </Button>
      {panel !== undefined && (
        <Suspense>
          <ActionMenuPart panel={panel} actions={actions()} />
        </Suspense>
      )}
    </>
  );
}

import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDots } from '@tabler/icons-react';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import classes from './ActionMenu.module.css';

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

function Item({ action }: { action: ActionItem }) {
  const reasonId = useId();
  const impossible = action.disabledReason !== undefined;
  const common = {
    leftSection: action.icon,
    className: `${classes['item']} ${action.danger === true ? classes['danger'] : ''}`,
  };
  const content = (
    <>
      {action.label}
      {impossible && (
        <span id={reasonId} className={classes['reason']}>
          {action.disabledReason}
        </span>
      )}
    </>
  );
  if (impossible) {
    return (
      <Menu.Item
        {...common}
        aria-disabled
        aria-label={action.label}
        aria-describedby={reasonId}
        closeMenuOnClick={false}
      >
        {content}
      </Menu.Item>
    );
  }
  if (action.to !== undefined) {
    return (
      <Menu.Item {...common} component={Link} to={action.to}>
        {content}
      </Menu.Item>
    );
  }
  return (
    <Menu.Item {...common} onClick={action.onSelect}>
      {content}
    </Menu.Item>
  );
}

interface ActionMenuProps {
  /** The accessible name, e.g. `Actions for web-base`. */
  label: string;
  actions: readonly ActionItem[];
  /** A worded button instead of three dots, for action bars. */
  text?: string;
}

/** A menu of actions. What is impossible stays in the list, focusable, with its reason. */
export function ActionMenu({ label, actions, text }: ActionMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {text === undefined ? (
          <ActionIcon aria-label={label}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        ) : (
          <Button
            variant="default"
            aria-label={label}
            rightSection={<IconChevronDown size={16} aria-hidden />}
          >
            {text}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown className={classes['dropdown']}>
        {actions.map((action) => (
          <ActionMenuEntry key={action.id} action={action} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ActionMenuEntry({ action }: { action: ActionItem }) {
  return (
    <>
      {action.startsGroup === true && <Menu.Divider />}
      <Item action={action} />
    </>
  );
}

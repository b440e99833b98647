import { Menu } from '@mantine/core';
import { useId } from 'react';
import { Link } from 'react-router';

import type { MenuPanelState } from '../../hooks/use-menu.ts';

import type { ActionItem } from './ActionMenu.tsx';
import { MenuPanel } from './MenuPanel.tsx';
import classes from './ActionMenu.module.css';

function Item({ action }: { action: ActionItem }) {
  const reasonId = useId();
  const impossible = action.disabledReason !== undefined;
  const common = {
    leftSection: action.icon,
    className: `${classes['item']} ${action.danger === true ? classes['danger'] : ''}`,
    onPointerEnter: action.onIntent,
    onPointerDown: action.onIntent,
    onFocus: action.onIntent,
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

function ActionMenuEntry({ action }: { action: ActionItem }) {
  return (
    <>
      {action.startsGroup === true && <Menu.Divider />}
      <Item action={action} />
    </>
  );
}

interface ActionMenuItemsProps {
  panel: MenuPanelState;
  actions: readonly ActionItem[];
}

/** What an ActionMenu opens. */
export function ActionMenuItems({ panel, actions }: ActionMenuItemsProps) {
  return (
    <MenuPanel panel={panel} position="bottom-end" dropdown={{ className: classes['dropdown'] }}>
      {actions.map((action) => (
        <ActionMenuEntry key={action.id} action={action} />
      ))}
    </MenuPanel>
  );
}

import { Popover } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { ActionButton } from '../components/actions/ActionButton.tsx';
import { Anchor } from '../components/Anchor.tsx';
import { useOpenAfterMount } from '../hooks/use-menu.ts';
import type { MenuPanelState } from '../hooks/use-menu.ts';
import type { PathScope } from '../util/paths.ts';
import { reasonAgainst } from '../util/verdicts.ts';

import type { ScopeDialogName } from './scope-dialog-names.ts';
import classes from './ScopeSwitcher.module.css';
import { ScopeTree } from './ScopeTree.tsx';

interface ScopePanelProps extends ScopeActionsProps {
  panel: MenuPanelState;
  current: PathScope;
}

/** What the ScopeSwitcher opens: every scope, and what can be done to the current one. */
export function ScopePanel({ panel, current, info, onOpen }: ScopePanelProps) {
  const { onChange } = panel;
  const isOpen = useOpenAfterMount(panel.isOpen);
  const dismiss = useCallback(() => onChange(false), [onChange]);
  return (
    <Popover
      id={panel.id}
      opened={isOpen}
      onChange={onChange}
      position="bottom-start"
      offset={4}
      width="min(24rem, calc(100vw - 1rem))"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Anchor element={panel.anchor} />
      </Popover.Target>
      <Popover.Dropdown className={classes['panel'] ?? ''} aria-label="Switch scope">
        <ScopeTree current={current} onChoose={dismiss} />
        <ScopeActions
          info={info}
          onOpen={(name) => {
            dismiss();
            onOpen(name);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

interface ScopeActionsProps {
  info: ScopeInfo | undefined;
  onOpen: (dialog: ScopeDialogName) => void;
}

/** What the current scope offers; the impossible is there too, with its reason. */
function ScopeActions({ info, onOpen }: ScopeActionsProps) {
  if (info === undefined) return null;
  const { scope, actions } = info;
  const own = scope === 'account' ? 'account' : 'environment';
  const action = (
    name: ScopeDialogName,
    label: string,
    icon: ReactNode,
    verdict: typeof actions.rename,
  ) => (
    <ActionButton
      size="xs"
      variant="subtle"
      icon={icon}
      disabledReason={reasonAgainst(verdict)}
      onClick={() => onOpen(name)}
    >
      {label}
    </ActionButton>
  );
  const plus = <IconPlus size={14} aria-hidden />;
  return (
    <div className={classes['actions']}>
      {action('new-account', 'New account', plus, actions.accountCreate)}
      {action('new-environment', 'New environment', plus, actions.environmentCreate)}
      {scope !== 'scalr' && (
        <>
          {action(
            'rename-scope',
            `Rename ${own}`,
            <IconPencil size={14} aria-hidden />,
            actions.rename,
          )}
          {action(
            'delete-scope',
            `Delete ${own}`,
            <IconTrash size={14} aria-hidden />,
            actions.delete,
          )}
        </>
      )}
    </div>
  );
}

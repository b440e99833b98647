import { Popover } from '@mantine/core';
import { useCallback } from 'react';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { ActionButton } from '../components/actions/ActionButton.tsx';
import { Anchor } from '../components/Anchor.tsx';
import { iconOf } from '../components/objects/object-actions.tsx';
import { useOpenAfterMount } from '../hooks/use-menu.ts';
import type { MenuPanelState } from '../hooks/use-menu.ts';
import type { PathScope } from '../util/paths.ts';
import { reasonAgainst } from '../util/verdicts.ts';

import { scopeActions } from './scope-actions.ts';
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
  onOpen: (dialog: string) => void;
}

/** What the current scope offers; the impossible is there too, with its reason. */
function ScopeActions({ info, onOpen }: ScopeActionsProps) {
  if (info === undefined) return null;
  return (
    <div className={classes['actions']}>
      {Object.entries(scopeActions)
        .filter(([, action]) => action.isOwn !== true || info.scope !== 'scalr')
        .map(([name, action]) => (
          <ActionButton
            key={name}
            size="xs"
            variant="subtle"
            icon={iconOf(action, 14)}
            disabledReason={reasonAgainst(action.verdict(info))}
            onClick={() => onOpen(name)}
            onIntent={action.dialog?.fetchAhead}
          >
            {action.label(info)}
          </ActionButton>
        ))}
    </div>
  );
}

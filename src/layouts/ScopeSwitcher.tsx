import { Popover } from '@mantine/core';
import { IconPencil, IconPlus, IconSelector, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import type { ScopeInfo } from '#contract/scopes.ts';

import { scopeListQuery, scopeQuery } from '../api/scopes.ts';
import { ActionButton } from '../components/ActionButton.tsx';
import { ScopeBadge } from '../components/ScopeBadge.tsx';
import { useDialog } from '../hooks/use-dialog.ts';
import type { PathScope } from '../util/paths.ts';
import { reasonAgainst } from '../util/verdicts.ts';

import { scopeDialogs } from './scope-dialog-names.ts';
import type { ScopeDialogName } from './scope-dialog-names.ts';
import classes from './ScopeSwitcher.module.css';
import { ScopeTree } from './ScopeTree.tsx';

// Forms and their checks: only when one is opened.
const ScopeDialogs = lazy(() => import('./ScopeDialogs.tsx'));

/** The scope of the page, the way to the same page in another, and what can be done to scopes. */
export function ScopeSwitcher({ current }: { current: PathScope }) {
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const { data: info } = useQuery(scopeQuery(current));
  const { dialog, open, close } = useDialog(scopeDialogs);
  const dismiss = useCallback(() => setOpened(false), []);
  const prefetch = () => void client.prefetchQuery(scopeListQuery());
  return (
    <>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-start"
        offset={4}
        width="min(24rem, calc(100vw - 1rem))"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className={classes['target']}
            onClick={() => setOpened((before) => !before)}
            onPointerEnter={prefetch}
            onFocus={prefetch}
          >
            <ScopeBadge scope={current.scope} name={nameBesideWord(info)} />
            <IconSelector size={14} aria-label="Switch scope" />
          </button>
        </Popover.Target>
        <Popover.Dropdown className={classes['panel'] ?? ''} aria-label="Switch scope">
          <ScopeTree current={current} onChoose={dismiss} />
          <ScopeActions
            info={info}
            onOpen={(name) => {
              setOpened(false);
              open(name);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {info !== undefined && dialog !== undefined && (
        <Suspense>
          <ScopeDialogs dialog={dialog} info={info} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

/** The nearest name first, since the rest may not fit; the badge says `Corporate` by itself. */
function nameBesideWord(info: ScopeInfo | undefined): string | undefined {
  if (info === undefined || info.scope === 'scalr') return undefined;
  if (info.scope === 'account') return info.accountName ?? undefined;
  return `${info.envName} (${info.accountName})`;
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

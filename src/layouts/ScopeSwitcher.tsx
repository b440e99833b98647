import { IconSelector } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { scopeListQuery, scopeQuery } from '../api/scopes.ts';
import { ScopeBadge } from '../components/ScopeBadge.tsx';
import { useDialog } from '../hooks/use-dialog.ts';
import { useMenu } from '../hooks/use-menu.ts';
import { lazyPart } from '../util/lazy-part.ts';
import type { PathScope } from '../util/paths.ts';

import { scopeActions } from './scope-actions.ts';
import classes from './ScopeSwitcher.module.css';

const ScopePanel = lazyPart(async () => (await import('./ScopePanel.tsx')).ScopePanel);

/** The scope of the page, the way to the same page in another, and what can be done to scopes. */
export function ScopeSwitcher({ current }: { current: PathScope }) {
  const client = useQueryClient();
  const { target, panel } = useMenu(() => {
    ScopePanel.fetchAhead();
    void client.prefetchQuery(scopeListQuery());
  }, 'dialog');
  const { data: info } = useQuery(scopeQuery(current));
  const { dialog, open, close } = useDialog(Object.keys(scopeActions));
  const Content = scopeActions[dialog ?? '']?.dialog;
  return (
    <>
      <button type="button" className={classes['target']} {...target}>
        <ScopeBadge scope={current.scope} name={nameBesideWord(info)} />
        <IconSelector size={14} aria-label="Switch scope" />
      </button>
      {panel !== undefined && (
        <Suspense>
          <ScopePanel panel={panel} current={current} info={info} onOpen={open} />
        </Suspense>
      )}
      {info !== undefined && Content !== undefined && (
        <Suspense>
          <Content at={current} object={info} onClose={close} />
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

import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import type { ObjectAction } from '../components/objects/object-actions.tsx';
import { lazyPart } from '../util/lazy-part.ts';

interface ScopeAction extends Pick<ObjectAction<ScopeInfo>, 'icon' | 'dialog'> {
  label: (info: ScopeInfo) => string;
  verdict: (info: ScopeInfo) => ScopeInfo['actions']['rename'];
  /** It is about the current scope itself: not at Corporate, which stays as it is. */
  isOwn?: boolean;
}

/** `account` or `environment`: what the scope is. */
function nounOf({ scope }: ScopeInfo): string {
  return scope === 'account' ? 'account' : 'environment';
}

/**
 * What can be done to scopes, by the names that the address has for the dialogs: the switcher's buttons
 * and the dialogs follow from it.
 */
export const scopeActions: Readonly<Record<string, ScopeAction>> = {
  'new-account': {
    label: () => 'New account',
    icon: IconPlus,
    verdict: ({ actions }) => actions.accountCreate,
    dialog: lazyPart(async () => (await import('./CreateScope.tsx')).CreateAccount),
  },
  'new-environment': {
    label: () => 'New environment',
    icon: IconPlus,
    verdict: ({ actions }) => actions.environmentCreate,
    dialog: lazyPart(async () => (await import('./CreateScope.tsx')).CreateEnvironment),
  },
  'rename-scope': {
    label: (info) => `Rename ${nounOf(info)}`,
    icon: IconPencil,
    verdict: ({ actions }) => actions.rename,
    isOwn: true,
    dialog: lazyPart(async () => (await import('./RenameScope.tsx')).RenameScope),
  },
  'delete-scope': {
    label: (info) => `Delete ${nounOf(info)}`,
    icon: IconTrash,
    verdict: ({ actions }) => actions.delete,
    isOwn: true,
    dialog: lazyPart(async () => (await import('./DeleteScope.tsx')).DeleteScope),
  },
};

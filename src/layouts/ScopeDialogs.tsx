import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { CreateAccount, CreateEnvironment } from './CreateScope.tsx';
import { DeleteAccount, DeleteEnvironment } from './DeleteScope.tsx';
import { RenameAccount, RenameEnvironment } from './RenameScope.tsx';
import type { ScopeDialogName } from './scope-dialog-names.ts';

interface ScopeDialogsProps {
  dialog: ScopeDialogName;
  /** The current scope. */
  info: ScopeInfo;
  onClose: () => void;
}

/** The open dialog; none where the address names one that makes no sense at this scope. */
export function ScopeDialogs({ dialog, info, onClose }: ScopeDialogsProps) {
  const { scope, accountId, envId } = info;
  if (dialog === 'new-account') return <CreateAccount info={info} onClose={onClose} />;
  if (accountId === null) return null;
  if (dialog === 'new-environment') {
    return <CreateEnvironment accountId={accountId} info={info} onClose={onClose} />;
  }
  if (scope === 'account') {
    const props = { accountId, info, onClose };
    return dialog === 'rename-scope' ? <RenameAccount {...props} /> : <DeleteAccount {...props} />;
  }
  if (envId === null) return null;
  const props = { accountId, envId, info, onClose };
  return dialog === 'rename-scope' ? (
    <RenameEnvironment {...props} />
  ) : (
    <DeleteEnvironment {...props} />
  );
}

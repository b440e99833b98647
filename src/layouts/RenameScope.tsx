import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useUpdateAccount, useUpdateEnvironment } from '../api/scopes.ts';
import { reasonAgainst } from '../util/verdicts.ts';

import { NameDialog } from './NameDialog.tsx';

interface RenameProps {
  info: ScopeInfo;
  accountId: number;
  onClose: () => void;
}

/** Renames the current account. */
export function RenameAccount({ info, accountId, onClose }: RenameProps) {
  const update = useUpdateAccount();
  return (
    <NameDialog
      title={`Rename account ${info.accountName}`}
      submitLabel="Rename account"
      initialName={info.accountName ?? ''}
      pending={update.isPending}
      error={update.error}
      disabledReason={reasonAgainst(info.actions.rename)}
      onClose={onClose}
      change={(name) => update.change({ params: { accountId }, body: { name } })}
      onSubmit={(change) => update.mutate(change, { onSuccess: onClose })}
    />
  );
}

/** Renames the current environment. */
export function RenameEnvironment(props: RenameProps & { envId: number }) {
  const { info, accountId, envId, onClose } = props;
  const update = useUpdateEnvironment(accountId);
  return (
    <NameDialog
      title={`Rename environment ${info.envName}`}
      submitLabel="Rename environment"
      initialName={info.envName ?? ''}
      pending={update.isPending}
      error={update.error}
      disabledReason={reasonAgainst(info.actions.rename)}
      onClose={onClose}
      change={(name) => update.change({ params: { envId }, body: { name } })}
      onSubmit={(change) => update.mutate(change, { onSuccess: onClose })}
    />
  );
}

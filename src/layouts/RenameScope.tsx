import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useUpdateAccount, useUpdateEnvironment } from '../api/scopes.ts';
import type { ObjectDialogProps } from '../components/objects/object-actions.tsx';
import { reasonAgainst } from '../util/verdicts.ts';

import { NameDialog } from './NameDialog.tsx';

/** Renames the current account or environment; nothing at Corporate. */
export function RenameScope({ object: info, onClose }: ObjectDialogProps<ScopeInfo>) {
  const { accountId, envId } = info;
  const account = useUpdateAccount();
  const environment = useUpdateEnvironment(accountId ?? 0);
  const shared = { disabledReason: reasonAgainst(info.actions.rename), onDone: onClose, onClose };
  if (accountId === null) return null;
  if (envId === null) {
    return (
      <NameDialog
        {...shared}
        title={`Rename account ${info.accountName}`}
        submitLabel="Rename account"
        initialName={info.accountName ?? ''}
        operation={account}
        change={(name) => account.change({ params: { accountId }, body: { name } })}
      />
    );
  }
  return (
    <NameDialog
      {...shared}
      title={`Rename environment ${info.envName}`}
      submitLabel="Rename environment"
      initialName={info.envName ?? ''}
      operation={environment}
      change={(name) => environment.change({ params: { envId }, body: { name } })}
    />
  );
}

import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useUpdateAccount, useUpdateEnvironment } from '../api/scopes.ts';
import { RenameDialog } from '../components/forms/RenameDialog.tsx';
import type { ObjectDialogProps } from '../components/objects/object-actions.tsx';
import { reasonAgainst } from '../util/verdicts.ts';

/** Renames the current account or environment; nothing at Corporate. */
export function RenameScope({ object: info, onClose }: ObjectDialogProps<ScopeInfo>) {
  const { accountId, envId, accountName, envName, version } = info;
  const account = useUpdateAccount();
  const environment = useUpdateEnvironment(accountId ?? 0);
  const shared = { disabledReason: reasonAgainst(info.actions.rename), onClose };
  if (accountId === null || version === null) return null;
  if (envId === null) {
    return (
      <RenameDialog
        {...shared}
        noun="account"
        object={{ name: accountName ?? '', version }}
        operation={account}
        change={(name, ifMatch) =>
          account.change({ params: { accountId }, body: { name }, ifMatch })
        }
      />
    );
  }
  return (
    <RenameDialog
      {...shared}
      noun="environment"
      object={{ name: envName ?? '', version }}
      operation={environment}
      change={(name, ifMatch) => environment.change({ params: { envId }, body: { name }, ifMatch })}
    />
  );
}

import { useLocation, useNavigate } from 'react-router';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useCreateAccount, useCreateEnvironment } from '../api/scopes.ts';
import type { ObjectDialogProps } from '../components/objects/object-actions.tsx';
import { paths, sectionOfPath } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';
import { reasonAgainst } from '../util/verdicts.ts';

import { NameDialog } from './NameDialog.tsx';

/** Goes to the same section of the new scope. */
function useGoTo() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  // The dialog is not a step to come back to.
  return (scope: PathScope) =>
    void navigate(paths.section(scope, sectionOfPath(pathname)), { replace: true });
}

/** Creates an account and goes there. */
export function CreateAccount({ object: info, onClose }: ObjectDialogProps<ScopeInfo>) {
  const create = useCreateAccount();
  const goTo = useGoTo();
  return (
    <NameDialog
      title="New account"
      submitLabel="Create account"
      operation={create}
      disabledReason={reasonAgainst(info.actions.accountCreate)}
      change={(name) => create.change({ body: { name } })}
      onDone={({ data }) => goTo({ scope: 'account', accountId: data.id })}
      onClose={onClose}
    />
  );
}

/** Creates an environment in the current account and goes there; nothing at Corporate. */
export function CreateEnvironment({ object: info, onClose }: ObjectDialogProps<ScopeInfo>) {
  const create = useCreateEnvironment(info.accountId ?? 0);
  const goTo = useGoTo();
  if (info.accountId === null) return null;
  return (
    <NameDialog
      title={`New environment in ${info.accountName}`}
      submitLabel="Create environment"
      operation={create}
      disabledReason={reasonAgainst(info.actions.environmentCreate)}
      change={(name) => create.change({ body: { name } })}
      onDone={({ data }) => goTo({ scope: 'environment', environmentId: data.id })}
      onClose={onClose}
    />
  );
}

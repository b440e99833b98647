import { useLocation, useNavigate } from 'react-router';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useCreateAccount, useCreateEnvironment } from '../api/scopes.ts';
import { paths, sectionOfPath } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';
import { reasonAgainst } from '../util/verdicts.ts';

import { NameDialog } from './NameDialog.tsx';

interface CreateProps {
  info: ScopeInfo;
  onClose: () => void;
}

/** Goes to the same section of the new scope. */
function useGoTo() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (scope: PathScope) => void navigate(paths.section(scope, sectionOfPath(pathname)));
}

/** Creates an account and goes there. */
export function CreateAccount({ info, onClose }: CreateProps) {
  const create = useCreateAccount();
  const goTo = useGoTo();
  return (
    <NameDialog
      title="New account"
      submitLabel="Create account"
      pending={create.isPending}
      error={create.error}
      disabledReason={reasonAgainst(info.actions.accountCreate)}
      onClose={onClose}
      change={(name) => create.change({ body: { name } })}
      onSubmit={(change) =>
        create.mutate(change, {
          onSuccess: ({ data }) => goTo({ scope: 'account', accountId: data.id }),
        })
      }
    />
  );
}

/** Creates an environment in the current account and goes there. */
export function CreateEnvironment({
  info,
  accountId,
  onClose,
}: CreateProps & { accountId: number }) {
  const create = useCreateEnvironment(accountId);
  const goTo = useGoTo();
  return (
    <NameDialog
      title={`New environment in ${info.accountName}`}
      submitLabel="Create environment"
      pending={create.isPending}
      error={create.error}
      disabledReason={reasonAgainst(info.actions.environmentCreate)}
      onClose={onClose}
      change={(name) => create.change({ body: { name } })}
      onSubmit={(change) =>
        create.mutate(change, {
          onSuccess: ({ data }) => goTo({ scope: 'environment', environmentId: data.id }),
        })
      }
    />
  );
}

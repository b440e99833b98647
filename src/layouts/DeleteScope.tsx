import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useDeleteAccount, useDeleteEnvironment } from '../api/scopes.ts';
import { sessionQuery } from '../api/session.ts';
import { ConfirmDialog } from '../components/dialogs/ConfirmDialog.tsx';
import { Notice } from '../components/Notice.tsx';
import { grantAt } from '../util/grants.ts';
import { homePath, paths, sectionOfPath } from '../util/paths.ts';
import { reasonAgainst } from '../util/verdicts.ts';

interface DeleteProps {
  info: ScopeInfo;
  accountId: number;
  onClose: () => void;
}

/** Deletes the current account, and goes one scope up. */
export function DeleteAccount({ info, accountId, onClose }: DeleteProps) {
  const remove = useDeleteAccount();
  const deletion = remove.change({ params: { accountId } });
  const navigate = useNavigate();
  const section = sectionOfPath(useLocation().pathname);
  return (
    <ConfirmDialog
      title={`Delete account ${info.accountName}?`}
      confirmLabel="Delete account"
      danger
      pending={remove.isPending}
      error={remove.error}
      disabledReason={reasonAgainst(info.actions.delete)}
      onClose={onClose}
      changes={[deletion]}
      onConfirm={() =>
        remove.mutate(deletion, {
          onSuccess: () => void navigate(paths.section({ scope: 'scalr' }, section)),
        })
      }
    >
      <p>
        Only an account without environments, images and roles can be deleted. This cannot be
        undone.
      </p>
      <WhyNot info={info} />
    </ConfirmDialog>
  );
}

/** Deletes the current environment, and goes to its account where the user may see it. */
export function DeleteEnvironment(props: DeleteProps & { envId: number }) {
  const { info, accountId, envId, onClose } = props;
  const remove = useDeleteEnvironment(accountId);
  const deletion = remove.change({ params: { envId } });
  const navigate = useNavigate();
  const section = sectionOfPath(useLocation().pathname);
  const { data: session } = useQuery(sessionQuery);
  const account = { scope: 'account', accountId } as const;
  const maySeeAccount = grantAt(session?.grants ?? [], { ...account, envId: null }) !== undefined;
  return (
    <ConfirmDialog
      title={`Delete environment ${info.envName}?`}
      confirmLabel="Delete environment"
      danger
      pending={remove.isPending}
      error={remove.error}
      disabledReason={reasonAgainst(info.actions.delete)}
      onClose={onClose}
      changes={[deletion]}
      onConfirm={() =>
        remove.mutate(deletion, {
          onSuccess: () =>
            void navigate(maySeeAccount ? paths.section(account, section) : homePath),
        })
      }
    >
      <p>
        Only an environment without farms, images and roles can be deleted. This cannot be undone.
      </p>
      <WhyNot info={info} />
    </ConfirmDialog>
  );
}

/** What stands in the way, as far as it was known when the dialog opened. */
function WhyNot({ info }: { info: ScopeInfo }) {
  const { allowed, reason } = info.actions.delete;
  return allowed || reason === undefined ? null : <Notice tone="warning">{reason}</Notice>;
}

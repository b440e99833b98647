import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import type { ChangeId } from '#contract/effects.ts';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import type { Operation } from '../api/query.ts';
import type { Change } from '../api/request.ts';
import { useDeleteAccount, useDeleteEnvironment } from '../api/scopes.ts';
import { sessionQuery } from '../api/session.ts';
import { ChangeDialog } from '../components/dialogs/ChangeDialog.tsx';
import { Notice } from '../components/Notice.tsx';
import type { ObjectDialogProps } from '../components/objects/object-actions.tsx';
import { grantAt } from '../util/grants.ts';
import { homePath, paths, sectionOfPath } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';
import { reasonAgainst } from '../util/verdicts.ts';

/** Deletes the current account or environment; nothing at Corporate. */
export function DeleteScope({ object: info, onClose }: ObjectDialogProps<ScopeInfo>) {
  const { accountId, envId } = info;
  if (accountId === null) return null;
  if (envId === null) return <DeleteAccount {...{ info, accountId, onClose }} />;
  return <DeleteEnvironment {...{ info, accountId, envId, onClose }} />;
}

interface DeleteProps {
  info: ScopeInfo;
  accountId: number;
  onClose: () => void;
}

/** Goes one scope up. */
function DeleteAccount({ info, accountId, onClose }: DeleteProps) {
  const deletion = useDeleteAccount();
  return (
    <Deletion
      {...{ info, deletion, onClose }}
      noun="account"
      name={info.accountName}
      change={deletion.change({ params: { accountId }, ifMatch: info.version ?? undefined })}
      next={{ scope: 'scalr' }}
    >
      Only an account without environments, images and roles can be deleted. This cannot be undone.
    </Deletion>
  );
}

/** Goes to its account where the user may see it. */
function DeleteEnvironment(props: DeleteProps & { envId: number }) {
  const { info, accountId, envId, onClose } = props;
  const deletion = useDeleteEnvironment(accountId);
  const { data: session } = useQuery(sessionQuery);
  const account = { scope: 'account', accountId } as const;
  const maySeeAccount = grantAt(session?.grants ?? [], { ...account, envId: null }) !== undefined;
  return (
    <Deletion
      {...{ info, deletion, onClose }}
      noun="environment"
      name={info.envName}
      change={deletion.change({ params: { envId }, ifMatch: info.version ?? undefined })}
      next={maySeeAccount ? account : undefined}
    >
      Only an environment without farms, images and roles can be deleted. This cannot be undone.
    </Deletion>
  );
}

interface DeletionProps<Id extends ChangeId> {
  info: ScopeInfo;
  noun: 'account' | 'environment';
  name: string | null;
  deletion: Operation<Id>;
  change: Change<Id>;
  /** Where to go on, in the same section; undefined for wherever the user begins. */
  next: PathScope | undefined;
  children: string;
  onClose: () => void;
}

function Deletion<Id extends ChangeId>(props: DeletionProps<Id>) {
  const { info, noun, name, deletion, change, next, children, onClose } = props;
  const navigate = useNavigate();
  const section = sectionOfPath(useLocation().pathname);
  // What stands in the way, as far as it was known when the dialog opened.
  const { allowed, reason } = info.actions.delete;
  return (
    <ChangeDialog
      {...{ change, onClose }}
      operation={deletion}
      title={`Delete ${noun} ${name}?`}
      confirmLabel={`Delete ${noun}`}
      danger
      disabledReason={reasonAgainst(info.actions.delete)}
      onDone={() =>
        void navigate(next === undefined ? homePath : paths.section(next, section), {
          replace: true,
        })
      }
    >
      <p>{children}</p>
      {!allowed && reason !== undefined && <Notice tone="warning">{reason}</Notice>}
    </ChangeDialog>
  );
}

import { useDeleteCloudCredentials } from '../../api/cloud-credentials.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';

import type { CredentialsDialogProps } from './credentials-dialog.ts';

/** Deletes cloud credentials that nothing uses. */
export function DeleteCredentials({ at, credentials, onClose }: CredentialsDialogProps) {
  const operation = useDeleteCloudCredentials(at);
  const { id: cloudCredentialsId, name, version: ifMatch } = credentials;
  const change = operation.change({ params: { cloudCredentialsId }, ifMatch });
  return (
    <ChangeDialog
      {...{ operation, change, onClose }}
      title={`Delete ${name}?`}
      confirmLabel="Delete cloud credentials"
      danger
      done={`${name} was deleted.`}
      renderBlocker={blockerLink(at)}
    >
      <p>Their secret goes with them and cannot be brought back. Nothing in the cloud changes.</p>
    </ChangeDialog>
  );
}

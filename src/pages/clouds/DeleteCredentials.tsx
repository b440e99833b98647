import { useDeleteCloudCredentials } from '../../api/cloud-credentials.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import { announce } from '../../util/announce.ts';

import type { CredentialsDialogProps } from './credentials-dialog.ts';

/** Deletes cloud credentials that nothing uses. */
export function DeleteCredentials({ at, credentials, onClose }: CredentialsDialogProps) {
  const remove = useDeleteCloudCredentials(at);
  const { id: cloudCredentialsId, name, version: ifMatch } = credentials;
  const deletion = remove.change({ params: { cloudCredentialsId }, ifMatch });
  const done = () => {
    announce(`${name} was deleted.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirmLabel="Delete cloud credentials"
      danger
      pending={remove.isPending}
      error={remove.error}
      changes={[deletion]}
      renderBlocker={blockerLink(at)}
      onConfirm={() => remove.mutate(deletion, { onSuccess: done })}
      onClose={onClose}
    >
      <p>Their secret goes with them and cannot be brought back. Nothing in the cloud changes.</p>
    </ConfirmDialog>
  );
}

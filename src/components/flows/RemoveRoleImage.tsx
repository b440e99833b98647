import { useRemoveRoleImage } from '../../api/role-images.ts';
import { blockerLink } from '../blocker-link.tsx';
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx';
import { locationWords } from './flow-names.ts';
import { announce } from '../../util/announce.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { CellDialogProps } from './role-cell.ts';

/** Takes an image out of a role, where no farm needs it there. */
export function RemoveRoleImage({ at, role, cell, onClose }: CellDialogProps) {
  const removal = useRemoveRoleImage(at);
  const change = removal.change({
    params: { roleId: String(role.id), imageId: cell.image.id },
    ifMatch: role.version,
  });
  const confirm = () =>
    removal.mutate(change, {
      onSuccess: () => {
        announce(`${role.name} has no image in ${locationWords(cell)} any more.`);
        onClose();
      },
    });
  return (
    <ConfirmDialog
      title={`Remove ${cell.image.name} from ${role.name}?`}
      confirmLabel="Remove from 1 role"
      danger
      changes={[change]}
      onConfirm={confirm}
      onClose={onClose}
      error={removal.error}
      pending={removal.isPending}
      disabledReason={reasonAgainst(role.actions?.addImage)}
      renderBlocker={blockerLink(at)}
      size="md"
    >
      <p>
        The role can no longer run in {locationWords(cell)}. The image itself stays, and can be
        added again unless it is deprecated.
      </p>
    </ConfirmDialog>
  );
}

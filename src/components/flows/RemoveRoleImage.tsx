import { useRemoveRoleImage } from '../../api/role-images.ts';
import { blockerLink } from '../blocker-link.tsx';
import { ChangeDialog } from '../dialogs/ChangeDialog.tsx';
import { locationWords } from './flow-names.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { CellDialogProps } from './role-cell.ts';

/** Takes an image out of a role, where no farm needs it there. */
export function RemoveRoleImage({ at, role, cell, onClose }: CellDialogProps) {
  const removal = useRemoveRoleImage(at);
  const change = removal.change({
    params: { roleId: String(role.id), imageId: cell.image.id },
    ifMatch: role.version,
  });
  return (
    <ChangeDialog
      title={`Remove ${cell.image.name} from ${role.name}?`}
      confirmLabel="Remove from 1 role"
      danger
      operation={removal}
      change={change}
      done={`${role.name} has no image in ${locationWords(cell)} any more.`}
      onClose={onClose}
      disabledReason={reasonAgainst(role.actions?.addImage)}
      renderBlocker={blockerLink(at)}
      size="md"
    >
      <p>
        The role can no longer run in {locationWords(cell)}. The image itself stays, and can be
        added again unless it is deprecated.
      </p>
    </ChangeDialog>
  );
}

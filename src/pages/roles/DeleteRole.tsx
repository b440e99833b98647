import { roleDeletePreviewQuery, useDeleteRole } from '../../api/roles.ts';
import { useShownPlan } from '../../api/query.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import {
  reasonAgainstDeletion,
  RefusedDeletion,
} from '../../components/dialogs/RefusedDeletion.tsx';
import { formatQuantity } from '../../util/format.ts';
import type { Role } from '#contract/roles/roles.ts';

import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';

/** Deletes a role that no farm uses; where farms do, lists them. */
export function DeleteRole({ at, object: role, onClose, onGone }: ObjectDialogProps<Role>) {
  const deletion = useDeleteRole(at);
  const plan = useShownPlan(roleDeletePreviewQuery(at, role.id), deletion);
  const verdict = role.actions?.delete;
  const images = role.images?.length ?? 0;
  const change = deletion.change({
    params: { roleId: String(role.id) },
    digest: plan.data?.digest,
    ifMatch: role.version,
  });
  return (
    <ChangeDialog
      title={`Delete ${role.name}?`}
      confirmLabel="Delete role"
      danger
      operation={deletion}
      change={change}
      done={
        images === 0
          ? `${role.name} is deleted.`
          : `${role.name} is deleted. Its ${formatQuantity(images, 'image')} stayed.`
      }
      onDone={onGone ?? onClose}
      onClose={onClose}
      disabledReason={reasonAgainstDeletion(plan, verdict)}
      renderBlocker={blockerLink(at)}
      size="md"
    >
      {deletion.error === null && <RefusedDeletion {...{ at, verdict }} plan={plan.data} />}
      <p>
        {images === 0
          ? 'It holds no images.'
          : `Its ${formatQuantity(images, 'image')} ${images === 1 ? 'stays' : 'stay'} registered, and other roles keep using ${images === 1 ? 'it' : 'them'}.`}{' '}
        The role itself cannot be brought back.
      </p>
    </ChangeDialog>
  );
}

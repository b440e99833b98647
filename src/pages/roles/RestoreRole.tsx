import { useDeprecateRole } from '../../api/roles.ts';
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx';
import { announce } from '../../util/announce.ts';

import type { RoleDialogProps } from './RoleDialogs.tsx';

/** Takes a deprecation back. */
export function RestoreRole({ at, role, onClose }: RoleDialogProps) {
  const change = useDeprecateRole(at);
  const confirm = () =>
    change.mutate(
      {
        params: { roleId: String(role.id) },
        body: { deprecate: false },
        ifMatch: role.version,
      },
      {
        onSuccess: () => {
          announce(`${role.name} is active again and can be added to farms.`);
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title={`Restore ${role.name}?`}
      confirmLabel="Restore role"
      onConfirm={confirm}
      onClose={onClose}
      error={change.error}
      pending={change.isPending}
    >
      <p>
        It can be added to farms again.
        {role.deprecation?.reason == null
          ? ''
          : ` It was deprecated by ${role.deprecation.by} because: ${role.deprecation.reason}`}
      </p>
    </ConfirmDialog>
  );
}

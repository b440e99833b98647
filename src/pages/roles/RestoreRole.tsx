import { useDeprecateRole } from '../../api/roles.ts';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import { announce } from '../../util/announce.ts';

import type { RoleDialogProps } from './RoleDialogs.tsx';

/** Takes a deprecation back. */
export function RestoreRole({ at, role, onClose }: RoleDialogProps) {
  const restore = useDeprecateRole(at);
  const change = restore.change({
    params: { roleId: String(role.id) },
    body: { deprecate: false },
    ifMatch: role.version,
  });
  const confirm = () =>
    restore.mutate(change, {
      onSuccess: () => {
        announce(`${role.name} is active again and can be added to farms.`);
        onClose();
      },
    });
  return (
    <ConfirmDialog
      title={`Restore ${role.name}?`}
      confirmLabel="Restore role"
      changes={[change]}
      onConfirm={confirm}
      onClose={onClose}
      error={restore.error}
      pending={restore.isPending}
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

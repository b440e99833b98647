import type { Role } from '#contract/roles/roles.ts';

import { useDeprecateRole } from '../../api/roles.ts';
import { RestoreDialog } from '../../components/objects/RestoreDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';

/** Takes a deprecation back. */
export function RestoreRole({ at, object, onClose }: ObjectDialogProps<Role>) {
  const restoration = useDeprecateRole(at);
  const change = restoration.change({
    params: { roleId: object.id },
    body: { deprecate: false },
    ifMatch: object.version,
  });
  return <RestoreDialog {...{ object, restoration, change, onClose }} noun="role" users="farms" />;
}

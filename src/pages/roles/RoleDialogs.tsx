import { useQuery } from '@tanstack/react-query';
import type { Role } from '#contract/roles/roles.ts';

import { roleQuery } from '../../api/roles.ts';
import { Dialog } from '../../components/dialogs/Dialog.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PromoteRole } from '../../components/flows/PromoteDialogs.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import type { PathScope } from '../../util/paths.ts';

import { CloneRole } from './CloneRole.tsx';
import { DeleteRole } from './DeleteRole.tsx';
import { DeprecateRole } from './DeprecateRole.tsx';
import { EditRole } from './EditRole.tsx';
import { RestoreRole } from './RestoreRole.tsx';
import { roleDialogNames } from './role-actions.tsx';

/** What a dialog about one role is given. */
export interface RoleDialogProps {
  at: PathScope;
  role: Role;
  onClose: () => void;
  /** After the role has gone from where it is shown. */
  onGone?: (() => void) | undefined;
}

const dialogs = {
  promote: PromoteRole,
  edit: EditRole,
  clone: CloneRole,
  deprecate: DeprecateRole,
  restore: RestoreRole,
  delete: DeleteRole,
};

interface DialogsProps {
  at: PathScope;
  /** The page's role; where a page shows many, the address names it (`on`). */
  roleId?: number;
  onGone?: () => void;
}

/** The open dialog about a role, as the address has it. */
export function RoleDialogs({ at, roleId, onGone }: DialogsProps) {
  const { dialog, on, close } = useDialog(roleDialogNames);
  const id = roleId ?? on;
  if (dialog === undefined || id === undefined) return null;
  return (
    <OpenDialog key={`${dialog} ${id}`} {...{ at, id, name: dialog, onGone }} onClose={close} />
  );
}

interface OpenDialogProps {
  at: PathScope;
  id: string | number;
  name: keyof typeof dialogs;
  onClose: () => void;
  onGone: (() => void) | undefined;
}

function OpenDialog({ at, id, name, onClose, onGone }: OpenDialogProps) {
  const { data: role, error } = useQuery(roleQuery(at, id));
  const Content = dialogs[name];
  if (role !== undefined) return <Content {...{ at, role, onClose, onGone }} />;
  if (error === null) return null;
  return (
    <Dialog title="This role cannot be shown" onClose={onClose}>
      <ErrorNotice error={error} />
    </Dialog>
  );
}

import {
  IconArchive,
  IconArchiveOff,
  IconArrowUp,
  IconCopy,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import type { Verdict } from '#contract/actions.ts';
import type { Role } from '#contract/roles/roles.ts';

import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { reasonAgainst } from '../../util/verdicts.ts';

/** Dialogs about one role, as the address names them. */
export const roleDialogNames = [
  'promote',
  'edit',
  'clone',
  'deprecate',
  'restore',
  'delete',
] as const;
export type RoleDialogName = (typeof roleDialogNames)[number];

/**
 * A used role can be asked to be deleted all the same: the dialog then lists every farm in the way,
 * which one sentence in a menu cannot.
 */
function reasonAgainstDelete(verdict: Verdict | undefined): string | undefined {
  return verdict?.code === 'ObjectInUse' ? undefined : reasonAgainst(verdict);
}

/** What can be done with a role, in the order of a menu. `open` shows the dialog of that name. */
export function roleActions(
  role: Role,
  open: (dialog: RoleDialogName) => void,
): Record<'edit' | 'clone' | 'promote' | 'deprecate' | 'delete', ActionItem> {
  const { actions } = role;
  return {
    edit: {
      id: 'edit',
      label: 'Edit',
      icon: <IconPencil size={16} aria-hidden />,
      disabledReason: reasonAgainst(actions?.update),
      onSelect: () => open('edit'),
    },
    clone: {
      id: 'clone',
      label: 'Clone',
      icon: <IconCopy size={16} aria-hidden />,
      disabledReason: reasonAgainst(actions?.clone),
      onSelect: () => open('clone'),
    },
    promote: {
      id: 'promote',
      label: 'Promote',
      icon: <IconArrowUp size={16} aria-hidden />,
      disabledReason: reasonAgainst(actions?.promote),
      onSelect: () => open('promote'),
    },
    deprecate: {
      id: 'deprecate',
      label: role.deprecated ? 'Restore' : 'Deprecate',
      icon: role.deprecated ? (
        <IconArchiveOff size={16} aria-hidden />
      ) : (
        <IconArchive size={16} aria-hidden />
      ),
      startsGroup: true,
      disabledReason: reasonAgainst(actions?.deprecate),
      onSelect: () => open(role.deprecated ? 'restore' : 'deprecate'),
    },
    delete: {
      id: 'delete',
      label: 'Delete',
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      startsGroup: true,
      disabledReason: reasonAgainstDelete(actions?.delete),
      onSelect: () => open('delete'),
    },
  };
}

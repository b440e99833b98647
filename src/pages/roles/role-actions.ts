import {
  IconArchive,
  IconArchiveOff,
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Role } from '#contract/roles/roles.ts';

import { rolePromotePreviewQuery } from '../../api/promotions.ts';
import { roleCategoryListQuery } from '../../api/role-categories.ts';
import { roleQuery } from '../../api/roles.ts';
import type { ObjectActions, ObjectKind } from '../../components/objects/object-actions.tsx';
import { ask } from '../../query-client.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

function useRole(at: PathScope, roleId: string) {
  return useQuery(roleQuery(at, roleId));
}

const actions: ObjectActions<Role> = {
  edit: {
    label: 'Edit',
    icon: IconPencil,
    verdict: (role) => role.actions?.update,
    bar: 1,
    askAhead: (at) => ask(roleCategoryListQuery(at)),
    dialog: lazyPart(async () => (await import('./EditRole.tsx')).EditRole),
  },
  clone: {
    label: 'Clone',
    icon: IconCopy,
    verdict: (role) => role.actions?.clone,
    bar: 2,
    dialog: lazyPart(async () => (await import('./CloneRole.tsx')).CloneRole),
  },
  promote: {
    label: 'Promote',
    icon: IconArrowUp,
    verdict: (role) => role.actions?.promote,
    bar: 3,
    askAhead: (at, role) => ask(rolePromotePreviewQuery(at, role.id)),
    dialog: lazyPart(
      async () => (await import('../../components/flows/PromoteDialogs.tsx')).PromoteRole,
    ),
  },
  demote: {
    label: 'Demote',
    icon: IconArrowDown,
    verdict: (role) => role.actions?.demote,
    explainsUse: true,
    dialog: lazyPart(
      async () => (await import('../../components/flows/DemoteDialogs.tsx')).DemoteRole,
    ),
  },
  deprecate: {
    label: 'Deprecate',
    icon: IconArchive,
    verdict: (role) => role.actions?.deprecate,
    pointless: (role) => (role.deprecated ? 'It is deprecated already.' : undefined),
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./DeprecateRole.tsx')).DeprecateRole),
  },
  restore: {
    label: 'Restore',
    icon: IconArchiveOff,
    verdict: (role) => role.actions?.deprecate,
    pointless: (role) => (role.deprecated ? undefined : 'It is not deprecated.'),
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./RestoreRole.tsx')).RestoreRole),
  },
  delete: {
    label: 'Delete',
    icon: IconTrash,
    verdict: (role) => role.actions?.delete,
    explainsUse: true,
    danger: true,
    startsGroup: true,
    dialog: lazyPart(async () => (await import('./DeleteRole.tsx')).DeleteRole),
  },
};

/** What can be done with a role: menus, the bar and dialogs follow from it. */
export const roleKind: ObjectKind<Role> = {
  noun: 'role',
  useRead: useRole,
  askAhead: (at, role) => ask(roleQuery(at, role.id)),
  actions,
};

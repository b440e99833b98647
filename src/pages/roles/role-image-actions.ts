import { IconPlus, IconReplace, IconStack2, IconTrash } from '@tabler/icons-react';
import type { Role } from '#contract/roles/roles.ts';

import type { CellDialogProps } from '../../components/flows/role-cell.ts';
import type { ObjectAction } from '../../components/objects/object-actions.tsx';
import { lazyPart } from '../../util/lazy-part.ts';
import type { LazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

import type { Place } from './places.ts';

interface DialogProps {
  at: PathScope;
  role: Role;
  onClose: () => void;
}

/** What a dialog about places without an image is given. */
export interface GapDialogProps extends DialogProps {
  /** Where the role has no image. */
  missing: readonly Place[];
  /** What was asked for: the key of a place, or of a version (versions.ts). */
  on: string | undefined;
}

type Shown = Pick<ObjectAction<Role>, 'label' | 'icon' | 'danger' | 'startsGroup'>;
type RoleImageAction = Shown &
  (
    | { about: 'role' | 'gap'; dialog: LazyPart<GapDialogProps> }
    | { about: 'cell'; dialog: LazyPart<CellDialogProps> }
  );

/**
 * What can be done in a place of a role, by the names that the address has for the dialogs: menus and
 * dialogs follow from it. All of it needs the same right.
 */
export const roleImageActions: Readonly<Record<string, RoleImageAction>> = {
  'add-image': {
    label: 'Add image',
    icon: IconPlus,
    about: 'gap',
    dialog: lazyPart(async () => (await import('./AddRoleImage.tsx')).AddRoleImage),
  },
  'add-version': {
    label: 'Add version',
    icon: IconStack2,
    about: 'role',
    dialog: lazyPart(async () => (await import('./AddRoleVersion.tsx')).AddRoleVersion),
  },
  'replace-image': {
    label: 'Replace in this role',
    icon: IconReplace,
    about: 'cell',
    dialog: lazyPart(
      async () => (await import('../../components/flows/ReplaceRoleImage.tsx')).ReplaceRoleImage,
    ),
  },
  'remove-image': {
    label: 'Remove from this role',
    icon: IconTrash,
    danger: true,
    startsGroup: true,
    about: 'cell',
    dialog: lazyPart(
      async () => (await import('../../components/flows/RemoveRoleImage.tsx')).RemoveRoleImage,
    ),
  },
};

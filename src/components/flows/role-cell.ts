import type { Role } from '#contract/roles/roles.ts';

import type { PathScope } from '../../util/paths.ts';

/** What a dialog about an image of a role is given. */
export interface CellDialogProps {
  at: PathScope;
  role: Role;
  cell: NonNullable<Role['images']>[number];
  onClose: () => void;
}

import { Suspense, useState } from 'react';
import type { ComponentType } from 'react';
import type { Role } from '#contract/roles/roles.ts';

import type { CellDialogProps } from '../../components/flows/role-cell.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import type { PathScope } from '../../util/paths.ts';

import type { Place } from './places.ts';
import { roleImageActions } from './role-image-actions.ts';

interface RoleImageDialogsProps {
  at: PathScope;
  role: Role;
  /** Where the role has no image. */
  missing: readonly Place[];
}

/** The open dialog about an image of a role: `on` names the image, the place of a new one, or a version. */
export function RoleImageDialogs({ at, role, missing }: RoleImageDialogsProps) {
  const { dialog = '', on, close } = useDialog(Object.keys(roleImageActions));
  const action = roleImageActions[dialog];
  if (action === undefined) return null;
  const shared = { at, role, onClose: close };
  return (
    <Suspense>
      {action.about !== 'cell' ? (
        <action.dialog key={on} {...shared} {...{ missing, on }} />
      ) : (
        <CellDialog key={`${dialog} ${on}`} {...shared} imageId={on} content={action.dialog} />
      )}
    </Suspense>
  );
}

interface CellProps extends Omit<CellDialogProps, 'cell'> {
  imageId: string | undefined;
  content: ComponentType<CellDialogProps>;
}

function CellDialog({ role, imageId, content: Content, ...props }: CellProps) {
  // What it is about: once that is done, the role holds the image no longer.
  const [cell] = useState(() => role.images?.find(({ image }) => image.id === imageId));
  return cell === undefined ? null : <Content {...props} role={role} cell={cell} />;
}

import { useState } from 'react';
import type { Role } from '#contract/roles/roles.ts';

import { useDialog } from '../../hooks/use-dialog.ts';
import type { PathScope } from '../../util/paths.ts';

import { AddRoleImage } from './AddRoleImage.tsx';
import type { Place } from './places.ts';
import { RemoveRoleImage } from './RemoveRoleImage.tsx';
import { ReplaceRoleImage } from './ReplaceRoleImage.tsx';

export const roleImageDialogNames = ['add-image', 'replace-image', 'remove-image'] as const;

interface RoleImageDialogsProps {
  at: PathScope;
  role: Role;
  /** Where the role has no image. */
  missing: readonly Place[];
}

/** The open dialog about an image of a role: `on` names the image, or the place of a new one. */
export function RoleImageDialogs({ at, role, missing }: RoleImageDialogsProps) {
  const { dialog, on, close } = useDialog(roleImageDialogNames);
  if (dialog === 'add-image') {
    return <AddRoleImage key={on} {...{ at, role, missing, on }} onClose={close} />;
  }
  if (dialog === undefined || on === undefined) return null;
  return <CellDialog key={`${dialog} ${on}`} {...{ at, role, on }} name={dialog} onClose={close} />;
}

interface CellDialogProps {
  at: PathScope;
  role: Role;
  on: string;
  name: 'replace-image' | 'remove-image';
  onClose: () => void;
}

function CellDialog({ at, role, on, name, onClose }: CellDialogProps) {
  // What it is about: once that is done, the role holds the image no longer.
  const [cell] = useState(() => role.images?.find(({ image }) => image.id === on));
  if (cell === undefined) return null;
  const Content = name === 'replace-image' ? ReplaceRoleImage : RemoveRoleImage;
  return <Content {...{ at, role, cell, onClose }} />;
}

import { useQuery } from '@tanstack/react-query';
import type { Image } from '#contract/images.ts';

import { imageQuery } from '../../api/images.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import type { PathScope } from '../../util/paths.ts';

import { DeleteImage } from './DeleteImage.tsx';
import { DeprecateImage } from './DeprecateImage.tsx';
import type { ImageDialogName } from './image-actions.tsx';
import { RenameImage } from './RenameImage.tsx';
import { RestoreImage } from './RestoreImage.tsx';

export const imageDialogNames = [
  'promote',
  'replace',
  'new-version',
  'rename',
  'deprecate',
  'restore',
  'delete',
] as const satisfies readonly ImageDialogName[];

/** What a dialog about one image is given. */
export interface ImageDialogProps {
  at: PathScope;
  image: Image;
  onClose: () => void;
  /** After the image has gone from where it is shown. */
  onGone?: (() => void) | undefined;
}

const dialogs = {
  rename: RenameImage,
  deprecate: DeprecateImage,
  restore: RestoreImage,
  delete: DeleteImage,
};

interface DialogsProps {
  at: PathScope;
  /** The page's image; where a page shows many, the address names it (`on`). */
  imageId?: string;
  onGone?: () => void;
}

/** The open dialog about an image, as the address has it. */
export function ImageDialogs({ at, imageId, onGone }: DialogsProps) {
  const { dialog, on, close } = useDialog(imageDialogNames);
  const id = imageId ?? on;
  if (dialog === undefined || id === undefined || !(dialog in dialogs)) return null;
  const name = dialog as keyof typeof dialogs;
  return <OpenDialog key={`${name} ${id}`} {...{ at, id, name, onGone }} onClose={close} />;
}

interface OpenDialogProps {
  at: PathScope;
  id: string;
  name: keyof typeof dialogs;
  onClose: () => void;
  onGone: (() => void) | undefined;
}

function OpenDialog({ at, id, name, onClose, onGone }: OpenDialogProps) {
  const { data: image, error } = useQuery(imageQuery(at, id));
  const Content = dialogs[name];
  if (image !== undefined) return <Content {...{ at, image, onClose, onGone }} />;
  if (error === null) return null;
  return (
    <Dialog title="This image cannot be shown" onClose={onClose}>
      <ErrorNotice error={error} />
    </Dialog>
  );
}

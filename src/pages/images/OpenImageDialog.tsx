import { useQuery } from '@tanstack/react-query';
import type { ComponentType } from 'react';

import { imageQuery } from '../../api/images.ts';
import { Dialog } from '../../components/dialogs/Dialog.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import type { PathScope } from '../../util/paths.ts';

import { CopyImage } from './CopyImage.tsx';
import { DeleteImage } from './DeleteImage.tsx';
import { DeprecateImage } from './DeprecateImage.tsx';
import type { ImageDialogProps, OwnDialogName } from './ImageDialogs.tsx';
import { RenameImage } from './RenameImage.tsx';
import { RestoreImage } from './RestoreImage.tsx';

const dialogs: Record<OwnDialogName, ComponentType<ImageDialogProps>> = {
  rename: RenameImage,
  copy: CopyImage,
  deprecate: DeprecateImage,
  restore: RestoreImage,
  delete: DeleteImage,
};

interface OpenDialogProps {
  at: PathScope;
  id: string;
  name: OwnDialogName;
  onClose: () => void;
  onGone: (() => void) | undefined;
}

/** One dialog about one image, which it reads first. */
export function OpenImageDialog({ at, id, name, onClose, onGone }: OpenDialogProps) {
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

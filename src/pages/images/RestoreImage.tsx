import { useDeprecateImage } from '../../api/images.ts';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import { announce } from '../../util/announce.ts';

import type { ImageDialogProps } from './ImageDialogs.tsx';

/** Takes a deprecation back. */
export function RestoreImage({ at, image, onClose }: ImageDialogProps) {
  const restore = useDeprecateImage(at);
  const change = restore.change({
    params: { imageId: image.id },
    body: { deprecate: false },
    ifMatch: image.version,
  });
  return (
    <ConfirmDialog
      title={`Restore ${image.name}?`}
      confirmLabel="Restore image"
      onClose={onClose}
      error={restore.error}
      pending={restore.isPending}
      changes={[change]}
      onConfirm={() =>
        restore.mutate(change, {
          onSuccess: () => {
            announce(`${image.name} is active again and can be added to roles.`);
            onClose();
          },
        })
      }
    >
      <p>
        It can be added to roles again.
        {image.deprecation?.reason == null
          ? ''
          : ` It was deprecated by ${image.deprecation.by} because: ${image.deprecation.reason}`}
      </p>
    </ConfirmDialog>
  );
}

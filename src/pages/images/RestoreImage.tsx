import { useDeprecateImage } from '../../api/images.ts';
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx';
import { announce } from '../../util/announce.ts';

import type { ImageDialogProps } from './ImageDialogs.tsx';

/** Takes a deprecation back. */
export function RestoreImage({ at, image, onClose }: ImageDialogProps) {
  const change = useDeprecateImage(at);
  return (
    <ConfirmDialog
      title={`Restore ${image.name}?`}
      confirmLabel="Restore image"
      onClose={onClose}
      error={change.error}
      pending={change.isPending}
      onConfirm={() =>
        change.mutate(
          {
            params: { imageId: image.id },
            body: { deprecate: false },
            ifMatch: image.version,
          },
          {
            onSuccess: () => {
              announce(`${image.name} is active again and can be added to roles.`);
              onClose();
            },
          },
        )
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

import type { Image } from '#contract/images/images.ts';

import { deprecationOf, useDeprecateImage } from '../../api/images.ts';
import { RestoreDialog } from '../../components/objects/RestoreDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';

/** Takes a deprecation back. */
export function RestoreImage({ at, object, onClose }: ObjectDialogProps<Image>) {
  return (
    <RestoreDialog
      {...{ object, onClose }}
      noun="image"
      users="roles"
      restoration={useDeprecateImage(at)}
      change={deprecationOf(at, object, false)}
    />
  );
}

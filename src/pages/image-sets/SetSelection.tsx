import { Suspense, useState } from 'react';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { actionItems } from '../../components/objects/object-actions.tsx';
import type { ObjectKind } from '../../components/objects/object-actions.tsx';
import { BulkBar } from '../../components/table/BulkBar.tsx';
import { imageSetActions } from '../../components/versions/image-set-actions.ts';
import type { PathScope } from '../../util/paths.ts';

interface SetSelectionProps {
  kind: ObjectKind<ImageSet>;
  at: PathScope;
  set: ImageSet;
  /** The ids of the selected images. */
  images: readonly string[];
  onClear: () => void;
}

/** What can be done with the selected images of a version: all that can be done with the whole. */
export function SetSelection({ kind, at, set, images, onClear }: SetSelectionProps) {
  // The selection is not in the address, so neither is the dialog about it.
  const [name, setName] = useState<string>();
  const action = name === undefined ? undefined : imageSetActions[name];
  const close = () => {
    setName(undefined);
    onClear();
  };
  const items = actionItems(kind, at, set, setName).filter(
    ({ id }) => imageSetActions[id]?.isOfWhole !== true,
  );
  return (
    <>
      <BulkBar count={images.length} noun="image" actions={items} onClear={onClear} />
      {action !== undefined && (
        <Suspense>
          <action.dialog
            {...{ at, images }}
            object={set}
            onClose={() => setName(undefined)}
            onGone={close}
          />
        </Suspense>
      )}
    </>
  );
}

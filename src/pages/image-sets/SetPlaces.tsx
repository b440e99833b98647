import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { imagesOfSetQuery } from '../../api/image-sets.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import type { ObjectKind } from '../../components/objects/object-actions.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import type { PathScope } from '../../util/paths.ts';

import { ImageSetMatrix } from './ImageSetMatrix.tsx';
import { SetSelection } from './SetSelection.tsx';

interface SetPlacesProps {
  kind: ObjectKind<ImageSet>;
  at: PathScope;
  set: ImageSet;
}

/** Where a version stands, and what can be done with the images that are selected there. */
export function SetPlaces({ kind, at, set }: SetPlacesProps) {
  const images = useQuery(imagesOfSetQuery(at, String(set.id)));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const shown = images.data?.data ?? [];
  // One that has left the set meanwhile is not selected any more.
  const chosen = shown.flatMap(({ id }) => (selected.has(id) ? id : []));
  return (
    <DetailSection title="Where it stands">
      {images.error !== null && (
        <ErrorNotice error={images.error} onRetry={() => void images.refetch()} />
      )}
      <ImageSetMatrix {...{ at, set, selected }} images={shown} onSelect={setSelected} />
      <SetSelection {...{ kind, at, set }} images={chosen} onClear={() => setSelected(new Set())} />
    </DetailSection>
  );
}

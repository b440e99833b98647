import { Suspense } from 'react';

import { useDialog } from '../../hooks/use-dialog.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

// Most of what a list of images weighs: only when one is opened.
const OpenFlow = lazyPart(async () => (await import('./OpenFlow.tsx')).OpenFlow);

const names = ['replace', 'promote', 'new-version'] as const;
export type FlowName = (typeof names)[number];

interface ImageFlowsProps {
  at: PathScope;
  /** The page's image; where a page shows many, the address names it (`on`). */
  imageId?: string;
}

/** The open flow about an image, as the address has it: mount it once on a page of images. */
export function ImageFlows({ at, imageId }: ImageFlowsProps) {
  const { dialog, on } = useDialog(names);
  const id = imageId ?? on;
  if (dialog === undefined || id === undefined) return null;
  return (
    <Suspense>
      <OpenFlow key={`${dialog} ${id}`} at={at} imageId={id} name={dialog} />
    </Suspense>
  );
}

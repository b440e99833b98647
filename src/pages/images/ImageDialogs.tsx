import { Suspense } from 'react';
import type { Image } from '#contract/images/images.ts';

import { useDialog } from '../../hooks/use-dialog.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

import type { ImageDialogName } from './image-actions.tsx';

// Forms and their checks: only when one is opened.
const OpenImageDialog = lazyPart(
  async () => (await import('./OpenImageDialog.tsx')).OpenImageDialog,
);

/** Those of this page; the others belong to the flows that roles share. */
const ownDialogNames = ['rename', 'copy', 'deprecate', 'restore', 'delete'] as const;
export type OwnDialogName = (typeof ownDialogNames)[number];

export const imageDialogNames = [
  'promote',
  'replace',
  'new-version',
  'rename',
  'copy',
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
  const name = ownDialogNames.find((each) => each === dialog);
  if (name === undefined || id === undefined) return null;
  return (
    <Suspense>
      <OpenImageDialog key={`${name} ${id}`} {...{ at, id, name, onGone }} onClose={close} />
    </Suspense>
  );
}

import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import type { ObjectDialogProps } from '../objects/object-actions.tsx';

/** What a dialog about a set is given; `images` where it is about some of its images only. */
export interface SetDialogProps extends ObjectDialogProps<ImageSet> {
  images?: readonly string[];
}

/** `nginx-1-9`, or `3 images of nginx-1-9`. */
export function nameOf({ object, images }: Pick<SetDialogProps, 'object' | 'images'>): string {
  if (images === undefined) return object.name;
  return `${images.length} ${images.length === 1 ? 'image' : 'images'} of ${object.name}`;
}

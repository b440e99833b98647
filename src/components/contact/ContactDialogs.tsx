import type { Farm } from '#contract/farms/farms.ts';
import type { Image } from '#contract/images/images.ts';

import type { ObjectDialogProps, TogetherDialogProps } from '../objects/object-actions.tsx';
import type { SetDialogProps } from '../versions/set-dialog.ts';

import { ContactOwners } from './ContactOwners.tsx';

/** Messages to the owners of what still runs an image, where it is an old one. */
export function ContactOfImage({ at, object, onClose }: ObjectDialogProps<Image>) {
  return <ContactOwners at={at} filters={{ image: object.id }} onClose={onClose} />;
}

/** The same of a version. */
export function ContactOfSet({ at, object, onClose }: SetDialogProps) {
  return <ContactOwners at={at} filters={{ imageSet: String(object.id) }} onClose={onClose} />;
}

/** A message to the owner of a farm. */
export function ContactOfFarm({ at, object, onClose }: ObjectDialogProps<Farm>) {
  return <ContactOwners at={at} filters={{ farms: [object.id] }} onClose={onClose} />;
}

/** Messages to the owners of the farms that are selected. */
export function ContactOfFarms({ at, objects, onClose }: TogetherDialogProps<Farm>) {
  return (
    <ContactOwners at={at} filters={{ farms: objects.map(({ id }) => id) }} onClose={onClose} />
  );
}

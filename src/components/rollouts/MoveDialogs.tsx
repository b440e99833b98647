import type { FarmRole } from '#contract/farms/farm-roles.ts';
import type { Farm } from '#contract/farms/farms.ts';
import type { Server } from '#contract/farms/servers.ts';
import type { Image } from '#contract/images/images.ts';

import { environmentOf } from '../../util/places.ts';
import type { ObjectDialogProps, TogetherDialogProps } from '../objects/object-actions.tsx';
import type { SetDialogProps } from '../versions/set-dialog.ts';

import { PlanMove } from './MoveToNewImage.tsx';

// Fleet objects are moved in their own environment, whoever looks at them from wherever: there the right to do so is judged.

/** Moves the servers of a farm that are on old images. */
export function MoveFarm({ object: farm, onClose }: ObjectDialogProps<Farm>) {
  return <PlanMove at={environmentOf(farm)} what={{ farm: { id: farm.id } }} onClose={onClose} />;
}

/** The same of one of its roles. */
export function MoveFarmRole({ object, onClose }: ObjectDialogProps<FarmRole>) {
  const what = { farmRole: { id: object.id } };
  return <PlanMove at={environmentOf(object)} what={what} onClose={onClose} />;
}

/** Moves one server. */
export function MoveServer({ object, onClose }: ObjectDialogProps<Server>) {
  const what = { servers: [{ id: object.id }] };
  return <PlanMove at={environmentOf(object)} what={what} onClose={onClose} />;
}

/** Moves the servers that are selected, all in one rollout of the scope that they are looked at from. */
export function MoveServers({ at, objects, onClose }: TogetherDialogProps<Server>) {
  const what = { servers: objects.map(({ id }) => ({ id })) };
  return <PlanMove at={at} what={what} onClose={onClose} />;
}

/** Moves everything that still runs an image, where it is an old one. */
export function MoveFromImage({ at, object, onClose }: ObjectDialogProps<Image>) {
  return <PlanMove at={at} what={{ image: { id: object.id } }} onClose={onClose} />;
}

/** Moves everything that still runs a version, where it is an old one. */
export function MoveFromSet({ at, object, onClose }: SetDialogProps) {
  return <PlanMove at={at} what={{ imageSet: { id: object.id } }} onClose={onClose} />;
}

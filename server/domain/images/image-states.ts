import type { ImageStatus } from '#contract/images/images.ts';
import type { Refusal } from '../refusal.ts';

const unusable: Record<Exclude<ImageStatus, 'active'>, string> = {
  pending_copy: 'is still being copied',
  pending_delete: 'is being deleted from its cloud',
  failed: 'has failed and cannot start servers',
};

/**
 * Why nothing new can be made of an image: the end of a sentence that begins with its name.
 * @returns undefined when it is active
 */
export function whyUnusable(status: ImageStatus): string | undefined {
  return status === 'active' ? undefined : unusable[status];
}

/** Why an image cannot be edited now: docs/domain.md, "Changing an image". */
export function findChangeRefusal(image: {
  name: string;
  status: ImageStatus;
}): Refusal | undefined {
  if (image.status !== 'pending_delete') return undefined;
  return {
    code: 'UnacceptableImageStatus',
    reason: `Image "${image.name}" is being deleted from its cloud and can no longer be changed.`,
  };
}

/**
 * Why an image can be neither promoted nor deleted now: the cloud is still at work on it (docs/domain.md,
 * "Copying an image").
 */
export function findMoveRefusal(image: { name: string; status: ImageStatus }): Refusal | undefined {
  if (image.status !== 'pending_copy') return findChangeRefusal(image);
  return {
    code: 'UnacceptableImageStatus',
    reason: `Image "${image.name}" is still being copied. Wait until its cloud has finished.`,
  };
}

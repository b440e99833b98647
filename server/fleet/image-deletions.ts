import { CloudError } from '../cloud/call.ts';
import type { CloudOf } from '../cloud/clouds.ts';
import { demandCapability } from '../cloud/port.ts';
import type { Db } from '../database/connection/connection.ts';
import { cloudDeletionKind } from '../database/queries/images/image-changes.ts';
import {
  type CloudDeletion,
  type CloudDeletionPayload,
  failCloudDeletion,
  findCloudDeletion,
  finishCloudDeletion,
  spareImage,
} from '../services/images/image-cloud-deletion.ts';
import { type Effect, recorded, toJobKind } from './effects.ts';
import { type OutboxLoopOptions, startOutboxLoop } from './outbox-loop.ts';

/**
 * Deletes the machine images of images that are being deleted, and then the images: docs/domain.md,
 * "Deleting an image".
 */
export function startImageDeletions(
  db: Db,
  cloudOf: CloudOf,
  options?: OutboxLoopOptions,
): { stop(): Promise<void> } {
  const effect: Effect<CloudDeletion> = {
    kind: cloudDeletionKind,
    find: (from, payload) => findCloudDeletion(from, payload as CloudDeletionPayload),
    ask: async (task, call) => {
      const { imageId, cloudPlatform, cloudLocation, cloudImageId, refusal, spared } = task;
      if (spared !== undefined) return (ctx, jobId) => spareImage(ctx, jobId, imageId, spared);
      if (refusal !== undefined) throw new CloudError(refusal, { willPass: false });
      const image = { token: call.token, cloudPlatform, cloudLocation, cloudImageId };
      const images = demandCapability(await cloudOf(call.lane), 'images');
      await images.delete(image, { signal: call.signal });
      return (ctx, jobId) => finishCloudDeletion(ctx, jobId, imageId);
    },
    fail: (ctx, jobId, { imageId }, reason) => failCloudDeletion(ctx, jobId, imageId, reason),
    commit: (from, task, service) => {
      const operation = task.spared === undefined ? 'imageDeleteFromCloud' : 'imageSpare';
      return recorded('system:image-deletions', operation)(from, task, service);
    },
  };
  return startOutboxLoop(db, [toJobKind(effect)], options);
}

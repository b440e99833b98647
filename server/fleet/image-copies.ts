import type { CloudOf } from '../cloud/clouds.ts';
import { demandCapability } from '../cloud/port.ts';
import type { Db } from '../database/connection/connection.ts';
import { imageCopyKind } from '../database/queries/images/image-copies.ts';
import {
  type CloudCopy,
  failCloudCopy,
  findCloudCopy,
  finishCloudCopy,
} from '../services/images/image-cloud-copies.ts';
import { type Effect, recorded, toJobKind } from './effects.ts';
import { type OutboxLoopOptions, startOutboxLoop } from './outbox-loop.ts';

/** Has clouds copy machine images, and makes the copies active: docs/domain.md, "Copying an image". */
export function startImageCopies(
  db: Db,
  cloudOf: CloudOf,
  options?: OutboxLoopOptions,
): { stop(): Promise<void> } {
  const effect: Effect<CloudCopy> = {
    kind: imageCopyKind,
    find: (from, payload) => findCloudCopy(from, payload as { imageId: string; sourceId: string }),
    ask: async (copy, { token, signal, lane }) => {
      const { name, cloudPlatform, cloudLocation, source } = copy;
      const wanted = { token, name, cloudPlatform, cloudLocation, source };
      const images = demandCapability(await cloudOf(lane), 'images');
      const made = await images.copy(wanted, { signal });
      if (!made.isFinished) return 'unfinished';
      return (ctx, jobId) => finishCloudCopy(ctx, jobId, copy, made.cloudImageId);
    },
    fail: failCloudCopy,
    commit: recorded('system:image-copies', 'imageCopyInCloud'),
  };
  return startOutboxLoop(db, [toJobKind(effect)], options);
}

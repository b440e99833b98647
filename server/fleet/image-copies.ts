import type { CloudDriver } from '../cloud/driver.ts';
import type { Db } from '../database/connection/connection.ts';
import { imageCopyKind } from '../database/queries/images/image-copies.ts';
import {
  type CloudCopy,
  failCloudCopy,
  findCloudCopy,
  finishCloudCopy,
} from '../services/images/image-cloud-copies.ts';
import { type Effect, type OutboxLoopOptions, startOutboxLoop } from './outbox-loop.ts';

/** Has clouds copy machine images, and makes the copies active: docs/domain.md, "Copying an image". */
export function startImageCopies(
  db: Db,
  driver: Pick<CloudDriver, 'copyImage'>,
  options?: OutboxLoopOptions,
): { stop(): Promise<void> } {
  const effect: Effect<CloudCopy> = {
    kind: imageCopyKind,
    actor: 'system:image-copies',
    operation: 'imageCopyInCloud',
    find: (from, payload) => findCloudCopy(from, payload as { imageId: string; sourceId: string }),
    ask: async (copy, { token, signal }) => {
      const { name, cloudPlatform, cloudLocation, source } = copy;
      const wanted = { token, name, cloudPlatform, cloudLocation, source };
      const made = await driver.copyImage(wanted, { signal });
      if (!made.isFinished) return 'unfinished';
      return (ctx, jobId) => finishCloudCopy(ctx, jobId, copy, made.cloudImageId);
    },
    fail: failCloudCopy,
  };
  return startOutboxLoop(db, effect, options);
}

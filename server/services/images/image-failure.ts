import { updateImage } from '../../database/queries/images/image-changes.ts';
import { settleJob } from '../../database/queries/records/outbox.ts';
import type { Context } from '../context.ts';

const longestStatusError = 255;

/**
 * What a cloud was asked to do with an image cannot be done: the image has failed, and says why. Does
 * nothing when another process wrote it down already.
 */
export async function failImage(
  ctx: Context,
  failure: {
    jobId: string;
    imageId: string;
    from: 'pending_copy' | 'pending_delete';
    reason: string;
  },
): Promise<void> {
  const { jobId, imageId, from, reason } = failure;
  if (!(await settleJob(ctx.tx, jobId, ctx.now, reason))) return;
  const after = { status: 'failed' as const, status_error: reason.slice(0, longestStatusError) };
  await updateImage(ctx.tx, imageId, after);
  ctx.record({ object: `image:${imageId}`, before: { status: from }, after });
}

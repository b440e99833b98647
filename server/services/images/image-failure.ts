import { updateImage } from '../../database/queries/images/image-changes.ts';
import { settleJob } from '../../database/queries/records/outbox.ts';
import { readImage } from '../access.ts';
import type { Context } from '../context.ts';
import { toImage } from '../present.ts';

const longestStatusError = 255;

/**
 * What a cloud was asked to do with an image cannot be done: the image has failed, and says why. Does
 * nothing when another process wrote it down already.
 */
export async function failImage(
  ctx: Context,
  { jobId, imageId, reason }: { jobId: string; imageId: string; reason: string },
): Promise<void> {
  if (!(await settleJob(ctx.tx, jobId, ctx.now, reason))) return;
  const statusError = reason.slice(0, longestStatusError);
  await changeAndRecord(ctx, imageId, { status: 'failed', status_error: statusError });
}

/** Writes down what a cloud has made of an image. */
export async function changeAndRecord(
  ctx: Context,
  imageId: string,
  columns: Parameters<typeof updateImage>[2],
): Promise<void> {
  const before = toImage(await readImage(ctx, imageId));
  await updateImage(ctx.tx, imageId, columns);
  ctx.record({ kind: 'image', before, after: toImage(await readImage(ctx, imageId)) });
}

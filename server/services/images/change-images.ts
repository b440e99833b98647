import { updateImages } from '../../database/queries/images/image-changes.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import type { ImageChange } from '../../domain/images/images.ts';
import type { Context } from '../context.ts';
import { type Change, changesOf } from '../log-entry.ts';
import { toImage } from '../present.ts';
import { warnOfAllCovered } from './image-registrations.ts';

/**
 * Carries out what was decided of images of one scope: new names and descriptions, deprecations, restorations.
 * @returns what that changes, for the log
 */
export async function changeImages(
  ctx: Context,
  changes: readonly (readonly [ImageRow, ImageChange])[],
): Promise<Change[]> {
  await warnOfAllCovered(ctx, changes);
  await updateImages(
    ctx.tx,
    changes.map(([{ id }, columns]) => ({ id, columns })),
  );
  const before = changes.map(([image]) => image);
  const ids = before.map(({ id }) => id);
  const after = await fetchImages(ctx.tx, ids, ctx.scope);
  return changesOf('image', before.map(toImage), after.map(toImage));
}

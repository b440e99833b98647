import { updateImage } from '../../database/queries/images/image-changes.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import {
  insertReplacement,
  type NewReplacement,
  type ReplacementRow,
} from '../../database/queries/replacements/replacements.ts';
import { swapRoleImages } from '../../database/queries/roles/role-images.ts';
import type { ImageChange } from '../../domain/images.ts';
import type { Context } from '../context.ts';
import { type Change, changesOf, type Recorded } from '../log-entry.ts';
import { toImage, toRoleImage } from '../present.ts';
import { toRecordedReplacement } from './replacement-present.ts';

/** Deprecations that come or go with a replacement. */
export type Flags = ReadonlyMap<ImageRow, ImageChange>;

/**
 * Puts the new image in the place of the old one in each role of a replacement, deprecates or restores
 * images, and writes the replacement down.
 * @returns the replacement and what else changed, for the log
 */
export async function carryOutReplacement(
  ctx: Context,
  made: NewReplacement,
  images: Pick<ReplacementRow, 'old_image' | 'new_image'>,
  flags: Flags,
): Promise<{ replacement: Recorded<'replacement'>; others: Change[] }> {
  const { roleIds, at, by, cloudPlatform, cloudLocation, oldImageId, newImageId } = made;
  const change = { cloudPlatform, cloudLocation, oldImageId, newImageId };
  const changes = roleIds.map((roleId) => ({ roleId, ...change }));
  await swapRoleImages(ctx.tx, changes, { at, by });
  const flagged = await flagImages(ctx, flags);
  const id = await insertReplacement(ctx.tx, made);
  const roleImages = roleIds.map((roleId) => ({
    kind: 'roleImage' as const,
    before: toRoleImage({ id: roleId }, { id: oldImageId }),
    after: toRoleImage({ id: roleId }, { id: newImageId }),
  }));
  return {
    replacement: toRecordedReplacement(toNewRow(id, made, images)),
    others: [...roleImages, ...flagged],
  };
}

/** Deprecates or restores images. @returns what that changes, for the log */
export async function flagImages({ tx, scope }: Context, flags: Flags): Promise<Change[]> {
  const before = [...flags.keys()];
  for (const [image, change] of flags) await updateImage(tx, image.id, change);
  const ids = before.map(({ id }) => id);
  const after = await fetchImages(tx, ids, scope);
  return changesOf('image', before.map(toImage), after.map(toImage));
}

/** The row of a replacement that has just been made: all of it is known, so nothing is asked. */
function toNewRow(
  id: string,
  made: NewReplacement,
  images: Pick<ReplacementRow, 'old_image' | 'new_image'>,
): ReplacementRow {
  return {
    id,
    ...placeColumns(made.scope),
    at: made.at,
    by: made.by,
    reason: made.reason ?? null,
    reach: [...made.reach],
    ...images,
    deprecated_old_image: made.deprecatedOldImage,
    restored_new_image: made.restoredNewImage ?? false,
    rolls_back_id: made.rollsBackId ?? null,
    rolled_back_by_id: null,
    roles: made.roleIds.length,
  };
}

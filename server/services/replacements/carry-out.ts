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
import { warnOfCovered } from '../images/image-registrations.ts';
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
  const { roles, at, by, cloudPlatform, cloudLocation } = made;
  const place = { cloudPlatform, cloudLocation };
  const changes = roles.map(({ id: roleId, ...images }) => ({ roleId, ...place, ...images }));
  await swapRoleImages(ctx.tx, changes, { at, by });
  const flagged = await flagImages(ctx, flags);
  const id = await insertReplacement(ctx.tx, made);
  const roleImages = roles.map((role) => ({
    kind: 'roleImage' as const,
    before: toRoleImage(role, { id: role.oldImageId }),
    after: toRoleImage(role, { id: role.newImageId }),
  }));
  return {
    replacement: toRecordedReplacement(toNewRow(id, made, images)),
    others: [...roleImages, ...flagged],
  };
}

/** Deprecates or restores images. @returns what that changes, for the log */
export async function flagImages(ctx: Context, flags: Flags): Promise<Change[]> {
  const { tx, scope } = ctx;
  const before = [...flags.keys()];
  for (const [image, change] of flags) {
    await warnOfCovered(ctx, image, change);
    await updateImage(tx, image.id, change);
  }
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
    restored_reason: made.restoredReason ?? null,
    rolls_back_id: made.rollsBackId ?? null,
    rolled_back_by_id: null,
    roles: made.roles.length,
  };
}

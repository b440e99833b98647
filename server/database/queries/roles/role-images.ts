import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import { registrationsOf } from '../images/same-cloud-image.ts';
import type { Db } from '../../connection/connection.ts';

/** Where a role has at most one image. */
export interface RoleImagePlace {
  roleId: number;
  cloudPlatform: string;
  /** '' on clouds whose images have no location. */
  cloudLocation: string;
}

/** What one place of a role is to change from and to; null means "none". */
export interface RoleImageChange extends RoleImagePlace {
  oldImageId: string | null;
  newImageId: string | null;
}

/** When a link changes, and by whom. */
export interface Stamp {
  at: Date;
  by: string;
  /** The replacement that the changes are part of, if they are; its row is there already. */
  replacementId?: string | null;
}

/** One image of a role, as it is now. */
export interface RoleImageRow {
  role_id: number;
  cloud_platform: string;
  cloud_location: string;
  image_id: string;
  added_at: Date;
  added_by: string;
}

/** The images of these roles, in the order of role, platform and location. */
export async function fetchRoleImages(tx: Db, roleIds: readonly number[]): Promise<RoleImageRow[]> {
  if (roleIds.length === 0) return [];
  return tx
    .selectFrom('role_images')
    .where('role_id', 'in', roleIds)
    .select(['role_id', 'cloud_platform', 'cloud_location', 'image_id', 'added_at', 'added_by'])
    .orderBy('role_id')
    .orderBy('cloud_platform')
    .orderBy('cloud_location')
    .execute();
}

/** Gives a role an image where it has none (`oldImageId` null), or another one in the place of `oldImageId`. */
export async function setRoleImage(
  tx: Db,
  change: RoleImageChange & { newImageId: string },
  stamp: Stamp,
): Promise<void> {
  await swapRoleImages(tx, [change], stamp);
}

/** Takes an image out of a role; the database refuses it where a farm role needs it. */
export async function removeRoleImage(
  tx: Db,
  place: RoleImagePlace & { oldImageId: string },
  stamp: Stamp,
): Promise<void> {
  await swapRoleImages(tx, [{ ...place, newImageId: null }], stamp);
}

/**
 * The only way in which images of roles change: adds, replaces and removes them, writes the history, what a replacement
 * changed, and raises the roles' versions (once per role), in one statement. A replacement changes the row in place, since farm
 * roles refer to it. The rules are the caller's: docs/domain.md, "What may enter a role".
 * @param changes at most one for each role, platform and location
 * @throws ApiError Conflict when a place does not hold what the caller believed; the transaction must end
 */
export async function swapRoleImages(
  tx: Db,
  changes: readonly RoleImageChange[],
  stamp: Stamp,
): Promise<void> {
  const { at, by } = stamp;
  const real = changes.filter((change) => change.oldImageId !== change.newImageId);
  if (real.length === 0) return;
  const { rows } = await sql<{ changed: number }>`
    WITH change AS (
      SELECT * FROM unnest(
        ${real.map((change) => change.roleId)}::int[],
        ${real.map((change) => change.cloudPlatform)}::text[],
        ${real.map((change) => change.cloudLocation)}::text[],
        ${real.map((change) => change.oldImageId)}::uuid[],
        ${real.map((change) => change.newImageId)}::uuid[]
      ) AS c (role_id, cloud_platform, cloud_location, old_image_id, new_image_id)
    ), replaced AS (
      UPDATE role_images ri SET image_id = c.new_image_id, added_at = ${at}, added_by = ${by}
      FROM change c
      WHERE (ri.role_id, ri.cloud_platform, ri.cloud_location) = (c.role_id, c.cloud_platform, c.cloud_location)
        AND ri.image_id = c.old_image_id AND c.new_image_id IS NOT NULL
      RETURNING c.*
    ), removed AS (
      DELETE FROM role_images ri USING change c
      WHERE (ri.role_id, ri.cloud_platform, ri.cloud_location) = (c.role_id, c.cloud_platform, c.cloud_location)
        AND ri.image_id = c.old_image_id AND c.new_image_id IS NULL
      RETURNING c.*
    ), added AS (
      INSERT INTO role_images (role_id, cloud_platform, cloud_location, image_id, added_at, added_by)
      SELECT role_id, cloud_platform, cloud_location, new_image_id, ${at}, ${by}
      FROM change WHERE old_image_id IS NULL
      ON CONFLICT DO NOTHING
      RETURNING role_id, cloud_platform, cloud_location, NULL::uuid AS old_image_id, image_id AS new_image_id
    ), changed AS (
      SELECT * FROM replaced UNION ALL SELECT * FROM removed UNION ALL SELECT * FROM added
    ), ${recordsOf(stamp)}
    SELECT count(*) AS changed FROM changed`.execute(tx);
  if (rows[0]?.changed !== real.length)
    throw new ApiError(
      'Conflict',
      'A role changed while its images were being changed. Nothing was done: reload and try again.',
    );
}

/** What is written beside each change: history, what a replacement changed, and the roles' versions. */
const recordsOf = ({ at, by, replacementId = null }: Stamp) => sql`
    history AS (
      INSERT INTO role_image_history (role_id, cloud_platform, cloud_location, old_image_id, new_image_id, at, by)
      SELECT changed.*, ${at}, ${by} FROM changed
      ORDER BY role_id, cloud_platform, cloud_location
    ), recorded AS (
      INSERT INTO replacement_roles (replacement_id, role_id, cloud_platform, cloud_location, old_image_id, new_image_id)
      SELECT ${replacementId}::uuid, changed.* FROM changed WHERE ${replacementId}::uuid IS NOT NULL
    ), raised AS (
      UPDATE roles SET version = version + 1 WHERE id IN (SELECT role_id FROM changed)
    )`;

/**
 * Whether a place of a role held an image before, by whichever registration of its cloud image, and so may
 * go back to it although it is deprecated.
 */
export async function hasHeldImage(
  tx: Db,
  place: RoleImagePlace,
  imageId: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom('role_image_history')
    .where('role_id', '=', place.roleId)
    .where('cloud_platform', '=', place.cloudPlatform)
    .where('cloud_location', '=', place.cloudLocation)
    .where('old_image_id', '=', sql<string>`ANY(${registrationsOf(imageId)})`)
    .select('id')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** One row of an image gives way to another row of the same cloud image. */
export interface ImageMerge {
  from: string;
  into: string;
}

/**
 * Lets roles and their history refer to the surviving rows of merged images. It is the same cloud image
 * as before, so this is no change in the history; the roles' versions rise.
 */
export async function mergeRoleImages(tx: Db, merges: readonly ImageMerge[]): Promise<void> {
  const merge = mergeRows(merges);
  await sql`
    WITH moved AS (
      UPDATE role_images ri SET image_id = m.into_id FROM ${merge} m WHERE ri.image_id = m.from_id
      RETURNING ri.role_id
    )
    UPDATE roles SET version = version + 1 WHERE id IN (SELECT role_id FROM moved)`.execute(tx);
  await sql`
    UPDATE role_image_history h SET old_image_id = m.into_id FROM ${merge} m
    WHERE h.old_image_id = m.from_id`.execute(tx);
  await sql`
    UPDATE role_image_history h SET new_image_id = m.into_id FROM ${merge} m
    WHERE h.new_image_id = m.from_id`.execute(tx);
}

/** The merges as rows of `from_id` and `into_id`, to stand in a FROM. */
export function mergeRows(merges: readonly ImageMerge[]) {
  return sql`(SELECT * FROM unnest(
    ${merges.map(({ from }) => from)}::uuid[], ${merges.map(({ into }) => into)}::uuid[]
  ) AS pair (from_id, into_id))`;
}

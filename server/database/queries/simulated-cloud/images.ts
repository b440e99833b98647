import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

export interface SimulatedImageRef {
  cloudPlatform: string;
  cloudLocation: string;
  cloudImageId: string;
}

/** What the simulated cloud says of an image. */
export interface SimulatedImageRow {
  name: string;
  is_missing: boolean;
  is_deprecated: boolean;
  is_ready: boolean;
}

/** An image at a place, or, on clouds whose images have no location, everywhere. It knows all ids. */
export async function findSimulatedImage(
  db: Db,
  { cloudPlatform, cloudLocation, cloudImageId }: SimulatedImageRef,
): Promise<SimulatedImageRow> {
  const at = (column: string) => sql`${sql.ref(column)} IN (${cloudLocation}, '')`;
  const { rows } = await sql<SimulatedImageRow>`
    SELECT coalesce(c.name,
        (SELECT i.name FROM images i WHERE i.cloud_image_id = ${cloudImageId} AND i.cloud_platform = ${cloudPlatform}
          AND ${at('i.cloud_location')} AND i.deleted_at IS NULL ORDER BY i.added_at LIMIT 1),
        ${cloudImageId}) AS name,
      coalesce(c.is_missing, false) AS is_missing, coalesce(c.is_deprecated, false) AS is_deprecated,
      coalesce(c.ready_at <= clock_timestamp(), true) AS is_ready
    FROM (VALUES (1)) one LEFT JOIN simulated_images c ON c.cloud_platform = ${cloudPlatform}
      AND c.cloud_image_id = ${cloudImageId} AND ${at('c.cloud_location')}
    ORDER BY c.cloud_location DESC NULLS LAST LIMIT 1`.execute(db);
  return rows[0] ?? { name: cloudImageId, is_missing: false, is_deprecated: false, is_ready: true };
}

/** Takes an image away. @returns whether it was there */
export async function loseSimulatedImage(
  db: Db,
  { cloudPlatform, cloudLocation, cloudImageId }: SimulatedImageRef,
): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO simulated_images AS c (cloud_platform, cloud_location, cloud_image_id, is_missing)
    VALUES (${cloudPlatform}, ${cloudLocation}, ${cloudImageId}, true)
    ON CONFLICT (cloud_platform, cloud_location, cloud_image_id)
      DO UPDATE SET is_missing = true WHERE NOT c.is_missing
    RETURNING 1`.execute(db);
  return rows.length > 0;
}

/** Gives back an image that was taken away. @returns whether it was missing */
export async function returnSimulatedImage(
  db: Db,
  { cloudPlatform, cloudLocation, cloudImageId }: SimulatedImageRef,
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE simulated_images SET is_missing = false
    WHERE cloud_platform = ${cloudPlatform} AND cloud_location = ${cloudLocation}
      AND cloud_image_id = ${cloudImageId} AND is_missing
    RETURNING 1`.execute(db);
  return rows.length > 0;
}

/** Marks an image as deprecated, or takes the mark away. @returns whether the cloud has it */
export async function setSimulatedImageDeprecated(
  db: Db,
  { cloudPlatform, cloudLocation, cloudImageId }: SimulatedImageRef,
  isDeprecated: boolean,
): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO simulated_images AS c (cloud_platform, cloud_location, cloud_image_id, is_deprecated)
    VALUES (${cloudPlatform}, ${cloudLocation}, ${cloudImageId}, ${isDeprecated})
    ON CONFLICT (cloud_platform, cloud_location, cloud_image_id)
      DO UPDATE SET is_deprecated = excluded.is_deprecated WHERE NOT c.is_missing
    RETURNING 1`.execute(db);
  return rows.length > 0;
}

export interface SimulatedCopy {
  cloud_image_id: string;
  is_ready: boolean;
}

export async function findSimulatedCopy(db: Db, token: string): Promise<SimulatedCopy | undefined> {
  const { rows } = await sql<SimulatedCopy>`
    SELECT cloud_image_id, ready_at <= clock_timestamp() AS is_ready
    FROM simulated_images WHERE copy_token = ${token}`.execute(db);
  return rows[0];
}

/** Begins a copy, unless one was begun with its token. */
export async function insertSimulatedCopy(
  db: Db,
  copy: SimulatedImageRef & { token: string; name: string; afterMs: number },
): Promise<void> {
  await sql`
    INSERT INTO simulated_images (cloud_platform, cloud_location, cloud_image_id, name, copy_token, ready_at)
    VALUES (${copy.cloudPlatform}, ${copy.cloudLocation}, ${copy.cloudImageId}, ${copy.name}, ${copy.token},
      clock_timestamp() + make_interval(secs => ${copy.afterMs / 1000}))
    ON CONFLICT DO NOTHING`.execute(db);
}

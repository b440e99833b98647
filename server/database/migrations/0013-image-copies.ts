import { type Kysely, sql } from 'kysely';

/**
 * A copy has no cloud image id until the cloud has made it, and one that failed never gets any. So no
 * two of them are the same cloud image, however many are on their way to one location.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `ALTER TABLE images
        ALTER cloud_image_id DROP NOT NULL,
        ADD CONSTRAINT images_cloud_image_id_once_made CHECK (
          CASE WHEN cloud_image_id IS NULL THEN status IN ('pending_copy', 'failed') ELSE status <> 'pending_copy' END);
      DROP INDEX images_registered_once;
      CREATE UNIQUE INDEX images_registered_once ON images
        (cloud_image_id, cloud_platform, cloud_location, scope, account_id, environment_id) NULLS NOT DISTINCT
        WHERE deleted_at IS NULL AND cloud_image_id IS NOT NULL;`,
    )
    .execute(db);
}

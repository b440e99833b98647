import type { Db } from '../../connection/connection.ts';

/** What the loop that copies machine images looks for in the outbox. */
export const imageCopyKind = 'image.copy';

/** The machine image that is to be copied; a registration that was merged away since still names it. */
export async function findCopySource(
  db: Db,
  id: string,
): Promise<{ cloud_location: string; cloud_image_id: string | null } | undefined> {
  return db
    .selectFrom('images')
    .where('id', '=', id)
    .select(['cloud_location', 'cloud_image_id'])
    .executeTakeFirst();
}

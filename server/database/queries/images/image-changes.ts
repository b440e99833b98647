import { randomUUID } from 'node:crypto';
import { type Insertable, sql, type Updateable } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { type ImageRow, selectImages } from './images.ts';
import { laneOfImage } from '../clouds/environment-clouds.ts';
import { queueJob } from '../records/outbox.ts';
import type { Database } from '../../schema.ts';
import { sendAhead } from '../../connection/sent-ahead.ts';
import { isVisible } from '../organisation/visibility.ts';

/** What identifies a machine image in its cloud. */
export interface CloudImage {
  cloudPlatform: string;
  cloudLocation: string;
  cloudImageId: string;
}

/** The live registration of a cloud image at a scope or above it, the nearest first; there may be none. */
export async function findRegistration(
  tx: Db,
  scope: ScopeRef,
  image: CloudImage,
): Promise<ImageRow | undefined> {
  const rank = { environment: 0, account: 1, scalr: 2 };
  const rows = await selectImages(
    tx,
    scope,
    sql`i.cloud_image_id = ${image.cloudImageId} AND i.cloud_platform = ${image.cloudPlatform}
      AND i.cloud_location = ${image.cloudLocation} AND ${isVisible('i', scope)}`,
  );
  return rows.sort((a, b) => rank[a.scope] - rank[b.scope])[0];
}

/** Writes a new image, ahead of the next statement. @returns its id */
export async function insertImage(tx: Db, values: Insertable<Database['images']>): Promise<string> {
  const id = randomUUID();
  await sendAhead(
    tx,
    tx
      .insertInto('images')
      .values({ ...values, id })
      .compile(),
  );
  return id;
}

/** Writes new images, all at once. @returns their ids, in the same order */
export async function insertImages(
  tx: Db,
  rows: readonly Insertable<Database['images']>[],
): Promise<string[]> {
  const images = rows.map((row) => ({ ...row, id: randomUUID() }));
  if (images.length > 0) await tx.insertInto('images').values(images).execute();
  return images.map(({ id }) => id);
}

/** Changes an image and raises its version, ahead of the next statement. */
export async function updateImage(
  tx: Db,
  id: string,
  columns: Updateable<Database['images']>,
): Promise<void> {
  const update = tx
    .updateTable('images')
    .set({ ...columns, version: sql`version + 1` })
    .where('id', '=', id);
  await sendAhead(tx, update.compile());
}

/** Changes many images in one statement, each in its own way, ahead of the next statement; their versions rise. */
export async function updateImages(
  tx: Db,
  changes: readonly { id: string; columns: Updateable<Database['images']> }[],
): Promise<void> {
  if (changes.length === 0) return;
  const names = new Set(changes.flatMap(({ columns }) => Object.keys(columns)));
  // What a change leaves out stays as it is in the row.
  const columns = [...names].map(
    (name) => sql`${sql.ref(name)} = (jsonb_populate_record(i, change.columns)).${sql.ref(name)}`,
  );
  const update = sql`
    UPDATE images i SET ${sql.join([...columns, sql`version = version + 1`])}
    FROM jsonb_to_recordset(${JSON.stringify(changes)}) AS change (id uuid, columns jsonb)
    WHERE i.id = change.id`;
  await sendAhead(tx, update.compile(tx));
}

/** Hides an image for good; servers and history keep their links to it. */
export async function buryImage(tx: Db, id: string, at: Date): Promise<void> {
  await updateImage(tx, id, { deleted_at: at });
}

/** The live images that recommend one of these. */
export async function fetchRecommenders(
  tx: Db,
  ids: readonly string[],
  viewer: ScopeRef,
): Promise<ImageRow[]> {
  const rows = await selectImages(
    tx,
    viewer,
    sql`i.deprecation_replacement_id = ANY(${ids}::uuid[])`,
  );
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Makes live images that recommend one image recommend another, or none. */
export async function passOnRecommendations(
  tx: Db,
  steps: readonly { from: string; to: string | null }[],
): Promise<void> {
  await sql`
    UPDATE images i SET deprecation_replacement_id = step.to_id, version = version + 1
    FROM unnest(${steps.map(({ from }) => from)}::uuid[], ${steps.map(({ to }) => to)}::uuid[])
      AS step (from_id, to_id)
    WHERE i.deprecation_replacement_id = step.from_id AND i.deleted_at IS NULL`.execute(tx);
}

/** What the loop that deletes machine images looks for in the outbox. */
export const cloudDeletionKind = 'image.delete-from-cloud';

/**
 * Marks an image as being deleted, and asks the loop to delete it from its cloud.
 * @param onlyUnused unless something there turns out to use it
 */
export async function queueCloudDeletion(
  tx: Db,
  id: string,
  at: Date,
  { onlyUnused = false } = {},
): Promise<void> {
  await updateImage(tx, id, { status: 'pending_delete', status_error: null });
  await queueJob(tx, {
    kind: cloudDeletionKind,
    lane: laneOfImage(id),
    payload: { imageId: id, ...(onlyUnused && { onlyUnused }) },
    at,
  });
}

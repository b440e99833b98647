import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isSameCloudImage } from './same-cloud-image.ts';
import { type ImageRow, selectImages } from './images.ts';
import { isAtOrBelow, isVisible } from '../organisation/visibility.ts';

/**
 * Twins of an image: visible images of the same name, OS and architecture at other platforms or
 * locations (docs/domain.md, "Images"). Ordered by place.
 */
export async function fetchTwins(tx: Db, scope: ScopeRef, image: ImageRow): Promise<ImageRow[]> {
  const rows = await selectImages(
    tx,
    scope,
    sql`i.name = ${image.name} AND i.os_id = ${image.os_id} AND i.architecture = ${image.architecture}
      AND (i.cloud_platform, i.cloud_location) <> (${image.cloud_platform}, ${image.cloud_location})
      AND ${isVisible('i', scope)}
      ORDER BY i.cloud_platform, i.cloud_location, i.id LIMIT 500`,
  );
  return rows;
}

/** How many registrations of the cloud images of images there are below the scope that is theirs. */
export async function countRegistrationsBelow(
  tx: Db,
  own: ScopeRef,
  ids: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ registrations: number }>`
    SELECT count(*) AS registrations FROM images i
    WHERE i.id IN (${otherRegistrations(ids)}) AND ${isAtOrBelow('i', own)}`.execute(tx);
  return rows[0]?.registrations ?? 0;
}

/** Other registrations of the cloud images of images at and below a scope, the highest first. */
export async function fetchRegistrationsWithin(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
): Promise<ImageRow[]> {
  const rows = await selectImages(
    tx,
    scope,
    sql`i.id IN (${otherRegistrations(ids)}) AND ${isAtOrBelow('i', scope)}
      ORDER BY i.environment_id NULLS FIRST, i.account_id NULLS FIRST, i.id LIMIT 500`,
  );
  return rows;
}

const otherRegistrations = (ids: readonly string[]) => sql`
  SELECT same.id FROM images known JOIN images same ON ${isSameCloudImage('same', 'known')}
    AND same.id <> known.id AND same.deleted_at IS NULL
  WHERE known.id = ANY(${ids}::uuid[])`;

import { type RawBuilder, sql } from 'kysely';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { ask } from '../../connection/sent-ahead.ts';
import type { Db } from '../../connection/connection.ts';
import { isDeprecatedAt } from '../images/same-cloud-image.ts';
import { inOrder } from '../lists/in-order.ts';
import { lastUse } from '../organisation/last-use.ts';
import { isVisible } from '../organisation/visibility.ts';
import { newerSets } from './image-set-list.ts';

/** An image set with what is counted over its images, and the names that people read beside it. */
export interface ImageSetRow {
  id: number;
  name: string;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  os_id: string;
  os_name: string;
  line: string;
  added_at: Date;
  last_used_at: Date | null;
  architectures: ImageSet['architectures'];
  places: ImageSet['places'];
  images: number;
  deprecated: number;
  protected: number;
  failed: number;
  unsettled: number;
  usable: boolean;
  /** The same of all its images, or null. */
  description: string | null;
  /** Of its images and their versions: from 1 on. */
  version: number;
  newer_id: number | null;
  newer_name: string | null;
}

/** Sets by id, in the order of the ids; unknown ones are left out. What is newer is what `scope` sees. */
export async function fetchImageSets(
  tx: Db,
  scope: ScopeRef,
  ids: readonly number[],
): Promise<ImageSetRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectImageSets(tx, scope, sql`s.id = ANY(${ids}::int[])`));
}

/** A set if it is at `scope` or above it. */
export async function findVisibleImageSet(
  tx: Db,
  scope: ScopeRef,
  id: number,
): Promise<ImageSetRow | undefined> {
  const [row] = await selectImageSets(tx, scope, sql`s.id = ${id} AND ${isVisible('s', scope)}`);
  return row;
}

/** The places on EC2 where sets of a line, of one OS, have images that a scope sees. */
export async function fetchPlacesOfLine(
  tx: Db,
  scope: ScopeRef,
  { line, os_id: osId }: Pick<ImageSetRow, 'line' | 'os_id'>,
): Promise<{ cloudPlatform: 'ec2'; cloudLocation: string }[]> {
  const { rows } = await sql<{ cloudPlatform: 'ec2'; cloudLocation: string }>`
    SELECT DISTINCT i.cloud_platform AS "cloudPlatform", i.cloud_location AS "cloudLocation"
    FROM image_sets s JOIN images i ON i.set_id = s.id
    WHERE s.line = ${line} AND s.os_id = ${osId} AND ${isVisible('s', scope)}
      AND i.cloud_platform = 'ec2' ORDER BY 2`.execute(tx);
  return rows;
}

async function selectImageSets(
  tx: Db,
  scope: ScopeRef,
  condition: RawBuilder<unknown>,
): Promise<ImageSetRow[]> {
  const select = sql<ImageSetRow>`
    SELECT s.id, s.name, s.scope, s.account_id, s.environment_id,
      a.name AS account_name, e.name AS environment_name,
      s.os_id, os.name AS os_name, s.line, s.usable, s.added_at, held.*,
      newer.id AS newer_id, newer.name AS newer_name
    FROM image_sets s
    JOIN os ON os.id = s.os_id
    LEFT JOIN accounts a ON a.id = s.account_id
    LEFT JOIN environments e ON e.id = s.environment_id
    JOIN LATERAL (${heldImages(scope)}) held ON true
    LEFT JOIN LATERAL (${newerSets(scope, sql`n.id, n.name, n.version`)}
      ORDER BY version DESC, id LIMIT 1) newer ON true
    WHERE ${condition}`;
  return ask(tx, select.compile(tx));
}

/** What is counted over the images of `s`, as a scope sees them. */
const heldImages = (scope: ScopeRef) => sql`
  SELECT count(*) AS images, max(${lastUse('image', 'i', scope)}) AS last_used_at,
    array_agg(DISTINCT i.architecture) AS architectures,
    jsonb_agg(DISTINCT jsonb_build_object(
      'cloudPlatform', i.cloud_platform, 'cloudLocation', i.cloud_location)) AS places,
    count(*) FILTER (WHERE ${isDeprecatedAt('i', scope)}) AS deprecated,
    count(*) FILTER (WHERE i.protected_at IS NOT NULL) AS protected,
    count(*) FILTER (WHERE i.status = 'failed') AS failed,
    count(*) FILTER (WHERE i.status LIKE 'pending_%') AS unsettled,
    CASE WHEN min(i.description) = max(i.description) THEN min(i.description) END AS description,
    ('x' || left(md5(string_agg(i.id || ' ' || i.version, ',' ORDER BY i.id)), 7))::bit(28)::integer + 1 AS version
  FROM images i WHERE i.set_id = s.id`;

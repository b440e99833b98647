import { type RawBuilder, sql } from 'kysely';
import type { Image } from '#contract/images/images.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { OtherDeprecation } from '../../../domain/images/deprecations.ts';
import type { Db } from '../../connection/connection.ts';
import { imagesThen } from '../../records/images-then.ts';
import { inOrder } from '../lists/in-order.ts';
import { ask } from '../../connection/sent-ahead.ts';
import { lastUse } from '../organisation/last-use.ts';
import { usableSuccessor } from '../organisation/successors.ts';
import { isVisible } from '../organisation/visibility.ts';
import { isDeprecatedAt, otherDeprecations } from './same-cloud-image.ts';

/** A live Image with the names that people read beside it. */
export interface ImageRow {
  id: string;
  name: string;
  description: string;
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  cloud_platform: Image['cloudPlatform'];
  cloud_location: string;
  /** '' while the cloud has not made it. */
  cloud_image_id: string;
  checked_at: Date | null;
  protected_at: Date | null;
  protected_by: string | null;
  protection_reason: string | null;
  os_id: string;
  os_name: string;
  os_family: string | null;
  os_generation: string | null;
  architecture: Image['architecture'];
  size_gb: number | null;
  type: Image['type'];
  source: Image['source'];
  status: Image['status'];
  status_error: string | null;
  scalr_agent_installed: boolean;
  cloud_init_installed: boolean;
  deprecated_at: Date | null;
  deprecated_by: string | null;
  deprecation_reason: string | null;
  /** Of the same cloud image. */
  other_deprecations: OtherDeprecation[];
  deprecation_replacement_id: string | null;
  deprecation_replacement_name: string | null;
  /** The first in the chain of recommendations that is not deprecated. */
  usable_successor: { id: string; name: string } | null;
  created_by: string;
  added_at: Date;
  last_used_at: Date | null;
  version: number;
  /** The set that it is of. */
  set_id: number;
}

/**
 * Live images by id, in the order of the ids; unknown and deleted ones are left out.
 * @param viewer whose view of their last use it is
 */
export async function fetchImages(
  tx: Db,
  ids: readonly string[],
  viewer: ScopeRef,
  at?: Date,
): Promise<ImageRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectImages(tx, viewer, sql`i.id = ANY(${ids}::uuid[])`, at));
}

/** The images of these sets, by place. */
export async function fetchImagesOfSets(
  tx: Db,
  setIds: readonly number[],
  viewer: ScopeRef,
): Promise<ImageRow[]> {
  return selectImages(
    tx,
    viewer,
    sql`i.set_id = ANY(${setIds}::int[])
      ORDER BY i.cloud_platform, i.cloud_location, i.architecture, i.added_at, i.id`,
  );
}

/** A live image if it is at `scope` or above it. */
export async function findVisibleImage(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<ImageRow | undefined> {
  const [row] = await selectImages(tx, scope, sql`i.id = ${id} AND ${isVisible('i', scope)}`);
  return row;
}

/** Live images by id, as far as they are at `scope` or above it. */
export async function fetchVisibleImages(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
): Promise<ImageRow[]> {
  if (ids.length === 0) return [];
  return selectImages(tx, scope, sql`i.id = ANY(${ids}::uuid[]) AND ${isVisible('i', scope)}`);
}

/** The images of a set that is at `scope` or above it; none where it is not. */
export async function fetchImagesOfSet(
  tx: Db,
  scope: ScopeRef,
  setId: number,
): Promise<ImageRow[]> {
  return selectImages(tx, scope, sql`i.set_id = ${setId} AND ${isVisible('i', scope)}`);
}

/**
 * Live images that meet a condition on `i` (images) and `os`; the caller bounds their number.
 * @param at as they were at a moment, instead of as they are
 */
export async function selectImages(
  tx: Db,
  viewer: ScopeRef,
  condition: RawBuilder<unknown>,
  at?: Date,
): Promise<ImageRow[]> {
  const select = sql<ImageRow>`
    ${at ? sql`WITH ${imagesThen(viewer, at)}` : sql``}
    SELECT i.id, i.name, i.description, i.scope, i.account_id, i.environment_id,
      a.name AS account_name, e.name AS environment_name,
      i.cloud_platform, i.cloud_location, coalesce(i.cloud_image_id, '') AS cloud_image_id,
      i.checked_at, i.protected_at, i.protected_by, i.protection_reason,
      i.os_id, os.name AS os_name, os.family AS os_family, os.generation AS os_generation,
      i.architecture, i.size_gb, i.type, i.source, i.status, i.status_error,
      i.scalr_agent_installed, i.cloud_init_installed,
      i.deprecated_at, i.deprecated_by, i.deprecation_reason, i.deprecation_replacement_id,
      successor.name AS deprecation_replacement_name,
      ${usableSuccessor('images', 'i', (member) => isDeprecatedAt(member, 'i'))} AS usable_successor,
      ${otherDeprecations('i')} AS other_deprecations,
      i.created_by, i.added_at, ${lastUse('image', 'i', viewer)} AS last_used_at, i.version, i.set_id
    FROM images i
    JOIN os ON os.id = i.os_id
    LEFT JOIN accounts a ON a.id = i.account_id
    LEFT JOIN environments e ON e.id = i.environment_id
    LEFT JOIN images successor ON successor.id = i.deprecation_replacement_id
    WHERE i.deleted_at IS NULL AND ${condition}`;
  return ask(tx, select.compile(tx));
}

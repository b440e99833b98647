import type { Data } from '#contract/operations.ts';
import type {
  Replacement,
  ReplacementPreview,
  ReplacementState,
} from '#contract/replacements/replacements.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import type { FarmInShort } from '../../database/queries/replacements/replacement-reach.ts';
import type {
  OnOldImage,
  ReplacedPlaceRow,
} from '../../database/queries/replacements/replaced-places.ts';
import type { ReplacementRow } from '../../database/queries/replacements/replacements.ts';
import type { PlannedPlace } from '../../domain/replacements/roll-backs.ts';
import type { Context } from '../context.ts';
import type { Recorded } from '../log-entry.ts';
import { toPlace } from '../present.ts';

/** An image as a replacement names it. */
export function toImageInShort(row: ImageRow): ReplacementPreview['oldImage'] {
  return {
    id: row.id,
    name: row.name,
    cloudImageId: row.cloud_image_id,
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    deprecated: row.deprecated_at !== null,
  };
}

/** A farm with servers on an old image; empty for a farm that is not there. */
export function toFarmOnOld(
  farm: FarmInShort | undefined,
  servers: number,
): ReplacementPreview['farms'] {
  if (!farm) return [];
  return [
    {
      id: farm.id,
      name: farm.name,
      owner: { id: farm.owner_id, name: farm.owner_name, email: farm.owner_email },
      accountId: farm.account_id,
      accountName: farm.account_name,
      envId: farm.environment_id,
      envName: farm.environment_name,
      servers,
    },
  ];
}

/** What changed, in the words that Scalr's clients expect. */
export function toPlacedId(role: {
  id: number;
  scope: Replacement['scope'];
  account_id: number | null;
  environment_id: number | null;
}) {
  return {
    id: role.id,
    scope: role.scope,
    accountId: role.account_id,
    envId: role.environment_id,
  };
}

/** A role that a replacement changed: what it has now, and what rolling back would do with it. */
export function toRollBackRole({
  place,
  outcome,
  reason,
}: PlannedPlace<ReplacedPlaceRow & { pair: number }>): Data<'replacementGet'>['roleList'][number] {
  const { current_image_id: currentId, current_image_name: currentName } = place;
  return {
    id: place.id,
    name: place.name,
    ...toPlace(place),
    cloudPlatform: place.cloud_platform,
    cloudLocation: place.cloud_location,
    oldImage: place.old_image,
    newImage: place.new_image,
    now: whatIsThere(place),
    restoredBy: place.restored_by_id === null ? null : { id: place.restored_by_id },
    currentImage: currentId === null ? null : { id: currentId, name: currentName ?? '' },
    outcome,
    reason,
  };
}

function whatIsThere(place: ReplacedPlaceRow) {
  if (place.deleted_at) return 'deleted';
  if (place.current_image_id === null) return 'noImage';
  if (place.has_old_image) return 'oldImage';
  return place.current_image_id === place.new_image_id ? 'newImage' : 'otherImage';
}

/** A replacement as the log keeps it. */
export function toRecordedReplacement(
  ctx: Pick<Context, 'now'>,
  row: ReplacementRow,
): Recorded<'replacement'> {
  const {
    serversOnOldImage: _s,
    staleServers: _o,
    farmsOnOldImage: _f,
    ...recorded
  } = toReplacement(ctx, row, undefined);
  return recorded;
}

/** What is rolled back or expired is not stored, since it follows from something else. */
export function stateOf({ now }: Pick<Context, 'now'>, row: ReplacementRow): ReplacementState {
  if (row.state === 'applied') return completedBy(row) === null ? 'applied' : 'rolledBack';
  if (row.state === 'planned' && row.expires_at !== null && row.expires_at <= now) return 'expired';
  return row.state;
}

/** The roll-back after which nothing was left to restore. */
export function completedBy({ roll_backs: backs }: ReplacementRow): string | null {
  return backs.find(({ complete }) => complete)?.id ?? null;
}

/** The wire form of a replacement. */
export function toReplacement(
  ctx: Pick<Context, 'now'>,
  row: ReplacementRow,
  left: OnOldImage | undefined,
): Replacement {
  const [first] = row.pairs;
  if (!first) throw new Error(`Replacement ${row.id} has no pair`);
  const { architecture: _oldFor, imageSet: _oldSet, ...oldImage } = first.oldImage;
  const { architecture: _newFor, imageSet: _newSet, ...newImage } = first.newImage;
  const completed = completedBy(row);
  return {
    id: row.id,
    scope: row.scope,
    accountId: row.account_id,
    envId: row.environment_id,
    state: stateOf(ctx, row),
    at: row.at.toISOString(),
    by: row.by,
    reason: row.reason,
    planned: toPlanned(row),
    reach: row.reach,
    pairs: row.pairs.map(({ restoredNewImage: _r, restoredReason: _w, ...pair }) => pair),
    oldImage,
    newImage,
    deprecatedOldImage: first.deprecatedOldImage,
    roles: row.roles,
    serversOnOldImage: left?.servers ?? 0,
    staleServers: left?.stale ?? 0,
    farmsOnOldImage: left?.farms ?? 0,
    rollsBack: row.rolls_back_id === null ? null : { id: row.rolls_back_id },
    rolledBackBy: completed === null ? null : { id: completed },
    rollBacks: row.roll_backs,
    version: row.version,
  };
}

function toPlanned(row: ReplacementRow): Replacement['planned'] {
  const { planned_at: at, planned_by: by, expires_at: expires, planned_revision: revision } = row;
  if (!at || !expires || by === null || revision === null) return null;
  return { at: at.toISOString(), by, expiresAt: expires.toISOString(), revision };
}

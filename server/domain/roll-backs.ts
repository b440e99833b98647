import { type ScopeRef, scopeLabel } from '#contract/scope.ts';
import type { Warning } from '#contract/envelope.ts';
import { isDeprecatedAt } from './deprecations.ts';
import type { Refusal } from './refusal.ts';
import { findEntryRefusal, type RoleFacts } from './role-images.ts';
import type { ReplacedImage } from './replacements.ts';
import { isOwn, isWithin, type ScopedRow, scopeOf } from './scopes.ts';

/** A replacement as it was carried out. */
export interface ReplacementFacts extends ScopedRow {
  id: string;
  at: Date;
  by: string;
  deprecated_old_image: boolean;
  restored_new_image: boolean;
  /** The replacement that rolled this one back. */
  rolled_back_by_id: string | null;
}

/** One role image that a replacement changed, and what is there now. */
export interface ReplacedPlace extends RoleFacts {
  deleted_at: Date | null;
  /** What the replacement took away there and what it put there: registrations may differ from role to role. */
  old_image_id: string;
  new_image_id: string;
  current_image_id: string | null;
  current_image_name: string | null;
  /** What is there now is the old cloud image again. */
  has_old_image: boolean;
}

interface DeprecatedImage extends ReplacedImage {
  deprecated_by: string | null;
}

export interface RollBackFacts<Place extends ReplacedPlace = ReplacedPlace> {
  /** The scope of the request. */
  at: ScopeRef;
  replacement: ReplacementFacts;
  /** Undefined when it has been deleted since. */
  oldImage: DeprecatedImage | undefined;
  newImage: DeprecatedImage | undefined;
  /** What the places held before, by id; without those that have been deleted since. */
  oldImages: ReadonlyMap<string, ReplacedImage>;
  places: readonly Place[];
  /** The sentence for the missing right to replace or to restore an image. */
  lacking: { replace?: string | undefined; deprecate?: string | undefined };
}

export interface PlannedPlace<Place extends ReplacedPlace = ReplacedPlace> {
  place: Place;
  outcome: 'restore' | 'conflict';
  /** Why it is left alone. */
  reason: string | null;
}

/** What rolling a replacement back does. */
export interface RollBackPlan<Place extends ReplacedPlace = ReplacedPlace> {
  refusal?: Refusal | undefined;
  places: PlannedPlace<Place>[];
  restore: Place[];
  conflicts: PlannedPlace<Place>[];
  /** The replacement deprecated the old image, and nobody has touched that since. */
  restoresOldImage: boolean;
  /** It was itself a roll-back that restored its new image: so that goes back too. */
  deprecatesNewImage: boolean;
  warnings: Warning[];
}

/**
 * Decides what rolling back restores: exactly the role images and the deprecation that this one
 * replacement changed. What was edited since is a conflict, shown and left alone
 * (docs/domain.md, "Replacement").
 */
export function planRollBack<Place extends ReplacedPlace>(
  facts: RollBackFacts<Place>,
): RollBackPlan<Place> {
  const places = facts.places.map((place): PlannedPlace<Place> => {
    const reason = findConflict(facts, place);
    return { place, outcome: reason === null ? 'restore' : 'conflict', reason };
  });
  const plan = {
    places,
    restore: places.flatMap(({ place, outcome }) => (outcome === 'restore' ? [place] : [])),
    conflicts: places.filter(({ outcome }) => outcome === 'conflict'),
    ...planFlags(facts),
  };
  const refusal = findRefusal(facts, plan);
  return { ...plan, refusal, warnings: refusal ? [] : findWarnings(facts, plan) };
}

/** A conflict depends on where the replacement was made, and not on where one looks from. */
function findConflict(
  { replacement, oldImages }: RollBackFacts,
  place: ReplacedPlace,
): string | null {
  if (place.deleted_at) return `Role "${place.name}" has been deleted.`;
  if (!isWithin(place, scopeOf(replacement)))
    return `Role "${place.name}" has been promoted to ${scopeLabel[place.scope]} scope since and can only be changed there.`;
  if (place.current_image_id === null)
    return `Role "${place.name}" has no image there any more: it was removed since.`;
  if (place.has_old_image) return `Role "${place.name}" has the old image back.`;
  if (place.current_image_id !== place.new_image_id)
    return `Role "${place.name}" has image "${place.current_image_name}" there now: it was changed since.`;
  const oldImage = oldImages.get(place.old_image_id);
  if (!oldImage) return 'The old image has been deleted.';
  return findEntryRefusal(oldImage, place, { allowDeprecated: true })?.reason ?? null;
}

/** Deprecations that this replacement made or took away, where they are still as it left them. */
function planFlags({ replacement, oldImage, newImage }: RollBackFacts) {
  const at = scopeOf(replacement);
  const restoresOldImage =
    replacement.deprecated_old_image &&
    oldImage !== undefined &&
    isOwn(oldImage, at) &&
    oldImage.deprecated_by === replacement.by &&
    oldImage.deprecated_at?.getTime() === replacement.at.getTime();
  const deprecatesNewImage =
    replacement.restored_new_image &&
    newImage !== undefined &&
    isOwn(newImage, at) &&
    newImage.status !== 'pending_delete' &&
    newImage.deprecated_at === null;
  return { restoresOldImage, deprecatesNewImage };
}

function findRefusal(
  facts: RollBackFacts,
  plan: Pick<RollBackPlan, 'restore' | 'restoresOldImage' | 'deprecatesNewImage'>,
): Refusal | undefined {
  const { at, replacement, lacking } = facts;
  if (!isOwn(replacement, at))
    return {
      code: 'ScopeViolation',
      reason: `This replacement was made at ${scopeLabel[replacement.scope]} scope and can only be rolled back there.`,
    };
  const changesImage = plan.restoresOldImage || plan.deprecatesNewImage;
  const missing = lacking.replace ?? (changesImage ? lacking.deprecate : undefined);
  if (missing !== undefined) return { code: 'PermissionViolation', reason: missing };
  if (replacement.rolled_back_by_id !== null)
    return {
      code: 'UnacceptableState',
      reason: `This replacement has been rolled back already, by replacement ${replacement.rolled_back_by_id}.`,
    };
  if (plan.restore.length === 0)
    return {
      code: 'UnacceptableState',
      reason:
        'Nothing of this replacement can be restored: every role was changed since, or the old image cannot come back. Look at the conflicts.',
    };
  return undefined;
}

function findWarnings(
  { replacement, oldImage }: RollBackFacts,
  plan: Pick<RollBackPlan, 'conflicts' | 'restoresOldImage'>,
): Warning[] {
  const warnings: Warning[] = plan.conflicts.map(({ place, reason }) => ({
    code: 'Conflict',
    message: `Role "${place.name}" (${place.id}) was left as it is. ${reason ?? ''}`,
  }));
  if (oldImage && isDeprecatedAt(oldImage, scopeOf(replacement)) && !plan.restoresOldImage)
    warnings.push({
      code: 'Deprecated',
      message: replacement.deprecated_old_image
        ? `Image "${oldImage.name}" stays deprecated: its deprecation was changed since, or it now belongs to another scope.`
        : `Image "${oldImage.name}" is deprecated and stays so: it came back to roles that held it before, but cannot enter others.`,
    });
  return warnings;
}

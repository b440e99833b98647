import { type ScopeRef, scopeLabel } from '#contract/scope.ts';
import type { Warning } from '#contract/envelope.ts';
import { isDeprecatedAt } from '../images/deprecations.ts';
import type { Refusal } from '../refusal.ts';
import { findEntryRefusal, type RoleFacts } from '../roles/role-images.ts';
import type { ReplacedImage } from './replacement-images.ts';
import { isOwn, isWithin, type ScopedRow, scopeOf } from '../scopes.ts';

/** A replacement as it was carried out. */
export interface ReplacementFacts extends ScopedRow {
  id: string;
  state: 'planned' | 'applied' | 'cancelled';
  at: Date;
  by: string;
  /** The replacement after which nothing of this one was left to restore. */
  rolled_back_by_id: string | null;
}

/** One role image that a replacement changed, and what is there now. */
export interface ReplacedPlace extends RoleFacts {
  /** The index of the pair that it was changed by. */
  pair: number;
  deleted_at: Date | null;
  cloud_platform: string;
  cloud_location: string;
  /** What the replacement took away there and what it put there: registrations may differ from role to role. */
  old_image_id: string;
  new_image_id: string;
  current_image_id: string | null;
  current_image_name: string | null;
  /** What is there now is the old cloud image again. */
  has_old_image: boolean;
  /** The roll-back that restored it already. */
  restored_by_id: string | null;
}

interface DeprecatedImage extends ReplacedImage {
  deprecated_by: string | null;
}

/** One image in the place of another. */
export interface ReplacedPair {
  deprecatedOldImage: boolean;
  restoredNewImage: boolean;
  cloudPlatform: string;
  cloudLocation: string;
  /** Undefined when it has been deleted since. */
  oldImage: DeprecatedImage | undefined;
  newImage: DeprecatedImage | undefined;
}

/** The part of a replacement that is to be rolled back; all of it unless something is named. */
export interface RollBackPart {
  roles?: readonly number[] | undefined;
  places?: readonly { cloudPlatform: string; cloudLocation: string }[] | undefined;
}

export interface RollBackFacts<Place extends ReplacedPlace = ReplacedPlace> {
  /** The scope of the request. */
  at: ScopeRef;
  replacement: ReplacementFacts;
  pairs: readonly ReplacedPair[];
  /** What the places held before, by id; without those that have been deleted since. */
  oldImages: ReadonlyMap<string, ReplacedImage>;
  places: readonly Place[];
  part?: RollBackPart | undefined;
  /** The sentence for the missing right to replace or to restore an image. */
  lacking: { replace?: string | undefined; deprecate?: string | undefined };
}

export interface PlannedPlace<Place extends ReplacedPlace = ReplacedPlace> {
  place: Place;
  outcome: 'restore' | 'conflict';
  /** Why it is left alone. */
  reason: string | null;
}

/** What happens to the deprecations of one pair. */
export interface PlannedFlags {
  /** The index of the pair. */
  pair: number;
  /** The replacement deprecated the old image, and nobody has touched that since. */
  restoresOldImage: boolean;
  /** It was itself a roll-back that restored its new image: so that goes back too. */
  deprecatesNewImage: boolean;
}

/** What rolling a replacement back does. */
export interface RollBackPlan<Place extends ReplacedPlace = ReplacedPlace> {
  refusal?: Refusal | undefined;
  /** Of the part that is rolled back. */
  places: PlannedPlace<Place>[];
  restore: Place[];
  conflicts: PlannedPlace<Place>[];
  flags: PlannedFlags[];
  /** After it nothing is left to restore. */
  completes: boolean;
  warnings: Warning[];
}

/**
 * Decides what rolling back restores: exactly the role images and the deprecations that this one
 * replacement changed, all of them or a part. What was edited since is a conflict, shown and left alone
 * (docs/domain.md, "Replacement").
 */
export function planRollBack<Place extends ReplacedPlace>(
  facts: RollBackFacts<Place>,
): RollBackPlan<Place> {
  const all = facts.places.map((place): PlannedPlace<Place> => {
    const reason = findConflict(facts, place);
    return { place, outcome: reason === null ? 'restore' : 'conflict', reason };
  });
  const places = all.filter(({ place }) => isInPart(facts.part, place));
  const left = all.filter((planned) => planned.outcome === 'restore' && !places.includes(planned));
  const plan = {
    places,
    restore: places.flatMap(({ place, outcome }) => (outcome === 'restore' ? [place] : [])),
    conflicts: places.filter(({ outcome }) => outcome === 'conflict'),
    ...planFlags(facts, new Set(left.map(({ place }) => place.pair))),
  };
  const refusal = findRefusal(facts, plan);
  return { ...plan, refusal, warnings: refusal ? [] : findWarnings(facts, plan) };
}

function isInPart(part: RollBackPart | undefined, place: ReplacedPlace): boolean {
  return (part?.roles?.includes(place.id) ?? true) && isPlaceInPart(part, place);
}

function isPlaceInPart(
  part: RollBackPart | undefined,
  place: { cloud_platform: string; cloud_location: string },
): boolean {
  return (
    part?.places?.some(
      (named) =>
        named.cloudPlatform === place.cloud_platform &&
        named.cloudLocation === place.cloud_location,
    ) ?? true
  );
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
  if (place.restored_by_id !== null)
    return `Role "${place.name}" got the old image back by replacement ${place.restored_by_id} and was changed since.`;
  if (place.current_image_id !== place.new_image_id)
    return `Role "${place.name}" has image "${place.current_image_name}" there now: it was changed since.`;
  const oldImage = oldImages.get(place.old_image_id);
  if (!oldImage) return 'The old image has been deleted.';
  return findEntryRefusal(oldImage, place, { allowDeprecated: true })?.reason ?? null;
}

/**
 * A pair's deprecations go back with the last of its places that can be restored. One that changed no role
 * goes back when its place is named, or with the last of all.
 * @param left the pairs that have something to restore beyond this part
 */
function planFlags(facts: RollBackFacts, left: ReadonlySet<number>) {
  const { part } = facts;
  const changed = new Set(facts.places.map(({ pair }) => pair));
  const flags = facts.pairs.map((pair, index) => ({ pair: index, ...findFlags(facts, pair) }));
  const due = flags.filter((flag) => flag.restoresOldImage || flag.deprecatesNewImage);
  const goes = due.filter(({ pair: index }) => {
    const pair = facts.pairs[index];
    if (!pair || left.has(index)) return false;
    if (left.size === 0) return true;
    const place = { cloud_platform: pair.cloudPlatform, cloud_location: pair.cloudLocation };
    const isNamed = part?.roles === undefined && isPlaceInPart(part, place);
    const isTouched = facts.places.some((one) => one.pair === index && isInPart(part, one));
    return changed.has(index) ? isTouched : isNamed;
  });
  return { flags: goes, completes: left.size === 0 && goes.length === due.length };
}

/** Deprecations that a pair made or took away, where they are still as it left them. */
function findFlags({ replacement }: RollBackFacts, pair: ReplacedPair) {
  const at = scopeOf(replacement);
  const { oldImage, newImage } = pair;
  const restoresOldImage =
    pair.deprecatedOldImage &&
    oldImage !== undefined &&
    isOwn(oldImage, at) &&
    oldImage.deprecated_by === replacement.by &&
    oldImage.deprecated_at?.getTime() === replacement.at.getTime();
  const deprecatesNewImage =
    pair.restoredNewImage &&
    newImage !== undefined &&
    isOwn(newImage, at) &&
    newImage.status !== 'pending_delete' &&
    newImage.deprecated_at === null;
  return { restoresOldImage, deprecatesNewImage };
}

function findRefusal(
  facts: RollBackFacts,
  plan: Pick<RollBackPlan, 'restore' | 'flags'>,
): Refusal | undefined {
  const { at, replacement, lacking } = facts;
  const forbidden = (reason: string): Refusal => ({ code: 'PermissionViolation', reason });
  // In the order of the call, which asks for the right before it looks at anything.
  if (lacking.replace !== undefined) return forbidden(lacking.replace);
  if (!isOwn(replacement, at))
    return {
      code: 'ScopeViolation',
      reason: `This replacement was made at ${scopeLabel[replacement.scope]} scope and can only be rolled back there.`,
    };
  if (plan.flags.length > 0 && lacking.deprecate !== undefined) return forbidden(lacking.deprecate);
  if (replacement.state !== 'applied')
    return {
      code: 'UnacceptableState',
      reason: 'This replacement was not applied, so there is nothing to roll back.',
    };
  if (replacement.rolled_back_by_id !== null)
    return {
      code: 'UnacceptableState',
      reason: `This replacement has been rolled back already, by replacement ${replacement.rolled_back_by_id}.`,
    };
  // Where no role was changed, the deprecations are all there is.
  if (plan.restore.length === 0 && (facts.places.length > 0 || plan.flags.length === 0))
    return {
      code: 'UnacceptableState',
      reason:
        'Nothing of this replacement can be restored: every role was changed since, or the old image cannot come back. Look at the conflicts.',
    };
  return undefined;
}

function findWarnings(
  { replacement, pairs }: RollBackFacts,
  plan: Pick<RollBackPlan, 'conflicts' | 'flags' | 'restore'>,
): Warning[] {
  const warnings: Warning[] = plan.conflicts.map(({ place, reason }) => ({
    code: 'Conflict',
    message: `Role "${place.name}" (${place.id}) was left as it is. ${reason ?? ''}`,
  }));
  const restored = new Set(plan.restore.map(({ pair }) => pair));
  const undone = new Set(plan.flags.flatMap((flag) => (flag.restoresOldImage ? flag.pair : [])));
  for (const [index, { oldImage, deprecatedOldImage }] of pairs.entries())
    if (
      oldImage &&
      restored.has(index) &&
      isDeprecatedAt(oldImage, scopeOf(replacement)) &&
      !undone.has(index)
    )
      warnings.push({
        code: 'Deprecated',
        message: deprecatedOldImage
          ? `Image "${oldImage.name}" stays deprecated: its deprecation was changed since, it now belongs to another scope, or roles keep what replaced it.`
          : `Image "${oldImage.name}" is deprecated and stays so: it came back to roles that held it before, but cannot enter others.`,
      });
  return warnings;
}

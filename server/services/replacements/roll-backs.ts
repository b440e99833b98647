import type { RollBackPart } from '#contract/replacements/replacements.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import {
  fetchReplacedPlaces,
  type ReplacedPlaceRow,
} from '../../database/queries/replacements/replaced-places.ts';
import type { PairRow, ReplacementRow } from '../../database/queries/replacements/replacements.ts';
import {
  type NewPair,
  type NewReplacement,
  raiseReplacementVersion,
} from '../../database/queries/replacements/replacement-writes.ts';
import { type ChangeStamp, type ImageChange, planDeprecation } from '../../domain/images/images.ts';
import { rollBackItems } from '../../domain/plan-items.ts';
import { toVerdict } from '../../domain/refusal.ts';
import { planRollBack, type RollBackPlan } from '../../domain/replacements/roll-backs.ts';
import type { Context, SomeHandlers } from '../context.ts';
import type { Change, Mention, Recorded } from '../log-entry.ts';
import { digestOf } from '../plan-digest.ts';
import { refuseIf } from '../refuse.ts';
import { carryOutReplacement, type Flags, readReplacement } from './carry-out.ts';
import { getVisibleReplacement } from './find-replacement.ts';
import { findLackingRights } from './make-plan.ts';
import {
  completedBy,
  toPlacedId,
  toRecordedReplacement,
  toRollBackRole,
} from './replacement-present.ts';

/** Taking a replacement back, wholly or in part: docs/domain.md, "Replacement". */
export const rollBackHandlers = {
  replacementRollBackPreview: async (ctx, { params, body }) => {
    const row = await getVisibleReplacement(ctx, params.replacementId);
    const rollBack = await planRollBackOf(ctx, row, body);
    for (const warning of rollBack.plan.warnings) ctx.warn(warning);
    return { data: { ...toRollBack(rollBack), roleList: toRoleList(rollBack) } };
  },

  replacementRollBack: async (ctx, { params, body }) => {
    const row = await getVisibleReplacement(ctx, params.replacementId);
    const rollBack = await planRollBackOf(ctx, row, body);
    const { plan } = rollBack;
    ctx.expectVersion(row.version);
    await ctx.expectPlan(() => rollBackItems(plan, row.pairs));
    refuseIf(plan.refusal);
    for (const warning of plan.warnings) ctx.warn(warning);
    const [rolledBack, ...others] = await carryOutRollBack(ctx, rollBack, body.reason);
    ctx.record({ ...rolledBack, others, reason: body.reason });
    const restored = new Map(plan.restore.map((place) => [place.id, place]));
    return {
      data: [...restored.values()].map(toPlacedId),
      meta: { replacement: { id: rolledBack.after.id }, conflicts: plan.conflicts.length },
    };
  },
} satisfies SomeHandlers;

type Place = ReplacedPlaceRow & { pair: number };

/** What rolling back would do, and the images that it rests on. */
export interface RollBack {
  row: ReplacementRow;
  images: ReadonlyMap<string, ImageRow>;
  plan: RollBackPlan<Place>;
}

/** Decides what rolling back a replacement, or a part of it, restores. */
export async function planRollBackOf(
  ctx: Context,
  row: ReplacementRow,
  part?: RollBackPart,
): Promise<RollBack> {
  const pairOf = indexPairs(row.pairs);
  const found = await fetchReplacedPlaces(ctx.tx, ctx.scope, row.id);
  const places = found.map((place): Place => ({ ...place, pair: pairOf(place) }));
  const ids = [
    ...row.pairs.flatMap(({ oldImage, newImage }) => [oldImage.id, newImage.id]),
    ...places.map((place) => place.old_image_id),
  ];
  const images = new Map(
    (await fetchImages(ctx.tx, [...new Set(ids)], ctx.scope)).map((image) => [image.id, image]),
  );
  const plan = planRollBack({
    at: ctx.scope,
    replacement: { ...row, rolled_back_by_id: completedBy(row) },
    pairs: row.pairs.map((pair) => ({
      ...pair,
      cloudPlatform: pair.oldImage.cloudPlatform,
      cloudLocation: pair.oldImage.cloudLocation,
      oldImage: images.get(pair.oldImage.id),
      newImage: images.get(pair.newImage.id),
    })),
    oldImages: images,
    places,
    part,
    lacking: findLackingRights(ctx),
  });
  return { row, images, plan };
}

/** Which pair a place was changed by: registrations may differ, so cloud images are compared. */
function indexPairs(pairs: readonly PairRow[]): (place: ReplacedPlaceRow) => number {
  type Side = { cloudImageId: string; cloudPlatform: string; cloudLocation: string };
  const keyOf = (oldImage: Side, newImage: Side) =>
    [oldImage, newImage]
      .map((side) => `${side.cloudPlatform} ${side.cloudLocation} ${side.cloudImageId}`)
      .join(' ');
  const indexes = new Map(
    pairs.map(({ oldImage, newImage }, index) => [keyOf(oldImage, newImage), index]),
  );
  return (place) => {
    const index = indexes.get(keyOf(place.old_image, place.new_image));
    if (index === undefined) throw new Error(`A place of role ${place.id} belongs to no pair`);
    return index;
  };
}

/** The verdict on a roll-back. */
export function toRollBack({ row, plan }: RollBack) {
  return {
    ...toVerdict(plan.refusal),
    digest: digestOf(rollBackItems(plan, row.pairs)),
    restore: plan.restore.length,
    conflicts: plan.conflicts.length,
  };
}

/** At most so many roles are listed; the counts are whole. */
const listedRoles = 1_000;

/** What would become of each role, conflicts first where not all are listed. */
export function toRoleList({ plan: { places } }: RollBack) {
  const shown =
    places.length <= listedRoles
      ? places
      : places.toSorted(
          (a, b) => Number(a.outcome === 'restore') - Number(b.outcome === 'restore'),
        );
  return shown.slice(0, listedRoles).map(toRollBackRole);
}

/** The pairs of a roll-back, each the other way round, and the deprecations that go or come again with them. */
function reverse(
  { row, images, plan }: RollBack,
  stamp: ChangeStamp,
  reason: string | undefined,
): { pairs: NewPair[]; flags: Flags } {
  const flagOf = new Map(plan.flags.map((flag) => [flag.pair, flag]));
  const touched = new Set([...flagOf.keys(), ...plan.restore.map(({ pair }) => pair)]);
  const flags = new Map<ImageRow, ImageChange>();
  const pairs: NewPair[] = [];
  for (const [index, pair] of row.pairs.entries()) {
    if (!touched.has(index)) continue;
    const [oldImage, newImage] = [images.get(pair.oldImage.id), images.get(pair.newImage.id)];
    const { restoresOldImage = false, deprecatesNewImage = false } = flagOf.get(index) ?? {};
    pairs.push({
      oldImageId: pair.newImage.id,
      newImageId: pair.oldImage.id,
      deprecatedOldImage: deprecatesNewImage,
      restoredNewImage: restoresOldImage,
      restoredReason: restoresOldImage ? (oldImage?.deprecation_reason ?? null) : null,
    });
    if (restoresOldImage && oldImage)
      flags.set(oldImage, planDeprecation(oldImage, { deprecate: false }, stamp));
    if (deprecatesNewImage && newImage) {
      const replacementId = oldImage && !oldImage.deprecated_at ? oldImage.id : null;
      const wish = { deprecate: true, reason: pair.restoredReason ?? reason, replacementId };
      flags.set(newImage, planDeprecation(newImage, wish, stamp));
    }
  }
  return { pairs, flags };
}

/** Restores what was planned. @returns what changed: first the replacement that the roll-back is */
export async function carryOutRollBack(
  ctx: Context,
  rollBack: RollBack,
  reason: string | undefined,
): Promise<[{ kind: 'replacement'; after: Recorded<'replacement'> }, ...(Change | Mention)[]]> {
  const { row, plan } = rollBack;
  const stamp = { at: ctx.now, by: ctx.actor };
  const { pairs, flags } = reverse(rollBack, stamp, reason);
  const made: NewReplacement = {
    scope: ctx.scope,
    pairs,
    roles: plan.restore.map((place) => ({
      id: place.id,
      cloudPlatform: place.cloud_platform,
      cloudLocation: place.cloud_location,
      oldImageId: place.new_image_id,
      newImageId: place.old_image_id,
    })),
    reach: row.reach,
    ...stamp,
    reason,
    rollsBackId: row.id,
    completes: plan.completes,
  };
  await raiseReplacementVersion(ctx.tx, row.id);
  const { replacement: after, others } = await carryOutReplacement(ctx, made, flags);
  const rolledBack = {
    kind: 'replacement' as const,
    before: toRecordedReplacement(ctx, row),
    after: toRecordedReplacement(ctx, await readReplacement(ctx, row.id)),
  };
  return [{ kind: 'replacement', after }, rolledBack, ...others];
}

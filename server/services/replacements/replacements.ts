import { ApiError } from '#contract/errors.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { fetchFarmsInShort } from '../../database/queries/replacements/replacement-reach.ts';
import { replacementListPlan } from '../../database/queries/replacements/replacement-list.ts';
import {
  countOnOldImages,
  fetchFarmsOnOldImage,
  fetchReplacedPlaces,
  fetchReplacements,
  findVisibleReplacement,
  type NewReplacement,
  type ReplacedPlaceRow,
  type ReplacementRow,
} from '../../database/queries/replacements/replacements.ts';
import { type ImageChange, planDeprecation } from '../../domain/images.ts';
import { rollBackItems } from '../../domain/plan-items.ts';
import { toVerdict } from '../../domain/refusal.ts';
import { planRollBack, type RollBackPlan } from '../../domain/roll-backs.ts';
import type { Context, Handlers } from '../context.ts';
import { digestOf } from '../plan-digest.ts';
import { refuseIf } from '../refuse.ts';
import { findLackingRights, replaceImageHandlers } from './replace-image.ts';
import { carryOutReplacement } from './carry-out.ts';
import {
  toFarmOnOld,
  toPlacedId,
  toRecordedReplacement,
  toReplacement,
  toRollBackRole,
  versionOf,
} from './replacement-present.ts';

/** Replacements as they were carried out, and their roll-back: docs/domain.md, "Replacement". */
export const replacementHandlers: Handlers<
  | 'imageReplacePreview'
  | 'imageReplace'
  | 'replacementList'
  | 'replacementGet'
  | 'replacementRollBack'
> = {
  ...replaceImageHandlers,

  replacementList: async (ctx, { query }) => {
    const plan = replacementListPlan(ctx.scope, query, query.sort ?? '-at');
    const { pageNum: _page, maxResults: _size, cursor: _cursor, include, ...filters } = query;
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, {
      list: ['replacementList', ctx.scope, filters],
      total: include?.includes('total') ?? false,
    });
    const rows = await fetchReplacements(ctx.tx, ctx.scope, ids);
    const left = await countOnOldImages(ctx.tx, ctx.scope, ids);
    return { data: rows.map((row) => toReplacement(row, left.get(row.id))), page };
  },

  replacementGet: async (ctx, { params }) => {
    const { row, plan } = await makePlan(ctx, params.replacementId);
    const left = await countOnOldImages(ctx.tx, ctx.scope, [row.id]);
    const onOld = await fetchFarmsOnOldImage(ctx.tx, ctx.scope, row.id, listedFarms);
    const farms = await fetchFarmsInShort(
      ctx.tx,
      onOld.map((farm) => farm.farm_id),
    );
    return {
      data: {
        ...toReplacement(row, left.get(row.id)),
        roleList: plan.places.map(toRollBackRole),
        farmList: onOld.flatMap((farm) => toFarmOnOld(farms.get(farm.farm_id), farm.servers)),
        rollBack: {
          ...toVerdict(plan.refusal),
          digest: digestOf(toItems({ row, plan })),
          restore: plan.restore.length,
          conflicts: plan.conflicts.length,
        },
      },
    };
  },

  replacementRollBack: async (ctx, { params, body }) => {
    const rollBack = await makePlan(ctx, params.replacementId);
    const { row, plan } = rollBack;
    ctx.expectVersion(versionOf(row));
    await ctx.expectPlan(() => toItems(rollBack));
    refuseIf(plan.refusal);
    for (const warning of plan.warnings) ctx.warn(warning);
    const id = await carryOut(ctx, rollBack, body.reason);
    return {
      data: plan.restore.map(toPlacedId),
      meta: { replacement: { id }, conflicts: plan.conflicts.length },
    };
  },
};

/** At most so many farms are listed; the count is whole. */
const listedFarms = 200;

interface RollBack {
  row: ReplacementRow;
  oldImage: ImageRow | undefined;
  newImage: ImageRow | undefined;
  plan: RollBackPlan<ReplacedPlaceRow>;
}

function toItems({ row, plan }: Pick<RollBack, 'row' | 'plan'>) {
  return rollBackItems(plan, { oldImage: row.old_image, newImage: row.new_image });
}

/** @throws ApiError ObjectNotFound for a replacement that is not visible here */
async function makePlan(ctx: Context, id: string): Promise<RollBack> {
  const row = await findVisibleReplacement(ctx.tx, ctx.scope, id);
  if (!row)
    throw new ApiError(
      'ObjectNotFound',
      `No replacement has the id ${id} here. It may have been made in another account or environment.`,
    );
  const places = await fetchReplacedPlaces(ctx.tx, ctx.scope, row.id);
  const images = await fetchImages(
    ctx.tx,
    [
      ...new Set([
        row.old_image.id,
        row.new_image.id,
        ...places.map((place) => place.old_image_id),
      ]),
    ],
    ctx.scope,
  );
  const oldImage = images.find((image) => image.id === row.old_image.id);
  const newImage = images.find((image) => image.id === row.new_image.id);
  const plan = planRollBack({
    at: ctx.scope,
    replacement: row,
    oldImage,
    newImage,
    oldImages: new Map(images.map((image) => [image.id, image])),
    places,
    lacking: findLackingRights(ctx),
  });
  return { row, oldImage, newImage, plan };
}

/** Restores what was planned. @returns the id of the replacement that the roll-back is */
async function carryOut(
  ctx: Context,
  { row, oldImage, newImage, plan }: RollBack,
  reason: string | undefined,
): Promise<string> {
  const stamp = { at: ctx.now, by: ctx.actor };
  const made: NewReplacement = {
    scope: ctx.scope,
    oldImageId: row.new_image.id,
    newImageId: row.old_image.id,
    cloudPlatform: row.old_image.cloudPlatform,
    cloudLocation: row.old_image.cloudLocation,
    roles: plan.restore.map((place) => ({
      id: place.id,
      oldImageId: place.new_image_id,
      newImageId: place.old_image_id,
    })),
    reach: row.reach,
    ...stamp,
    reason,
    deprecatedOldImage: plan.deprecatesNewImage,
    restoredNewImage: plan.restoresOldImage,
    restoredReason: plan.restoresOldImage ? (oldImage?.deprecation_reason ?? null) : null,
    rollsBackId: row.id,
  };
  const flags = new Map<ImageRow, ImageChange>();
  if (plan.restoresOldImage && oldImage)
    flags.set(oldImage, planDeprecation(oldImage, { deprecate: false }, stamp));
  if (plan.deprecatesNewImage && newImage) {
    const replacementId = oldImage && !oldImage.deprecated_at ? oldImage.id : null;
    const wish = { deprecate: true, reason: row.restored_reason ?? reason, replacementId };
    flags.set(newImage, planDeprecation(newImage, wish, stamp));
  }
  const images = { old_image: row.new_image, new_image: row.old_image };
  const { replacement, others } = await carryOutReplacement(ctx, made, images, flags);
  const { id } = replacement;
  const rolledBack = toRecordedReplacement({ ...row, rolled_back_by_id: id });
  ctx.record({
    kind: 'replacement',
    after: replacement,
    others: [
      { kind: 'replacement', before: toRecordedReplacement(row), after: rolledBack },
      ...others,
    ],
    reason,
  });
  return id;
}

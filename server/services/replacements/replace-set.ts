import { ApiError } from '#contract/errors.ts';
import type { Meta, ServiceInput } from '#contract/operations.ts';
import { fetchImagesOfSet } from '../../database/queries/images/images.ts';
import { replacementItems } from '../../domain/plan-items.ts';
import type { Context, Handlers } from '../context.ts';
import type { MadePlan } from './make-plan.ts';
import { toReplacementPlan } from './plan-present.ts';
import { applyNow, toChanged, toCounts } from './replace-image.ts';
import { planWish } from './stored-plans.ts';

/** Replacing every image of a set at once: docs/domain.md, "Replacement". */
export const replaceSetHandlers: Handlers<'imageSetReplacePreview' | 'imageSetReplace'> = {
  imageSetReplacePreview: async (ctx, { params, body }) => {
    const plan = await planSet(ctx, params.imageSetId, body);
    for (const warning of plan.warnings) ctx.warn(warning);
    return { data: await toReplacementPlan(ctx, plan) };
  },

  imageSetReplace: async (ctx, { params, body }) => {
    const plan = await planSet(ctx, params.imageSetId, body);
    await ctx.expectPlan(() => replacementItems(plan, { isWhole: true }));
    const replacement = await applyNow(ctx, plan, body.reason);
    return {
      data: toChanged(plan),
      meta: { replacement, pairs: toResults(plan), ...toCounts(plan) },
    };
  },
};

/** @throws ApiError ObjectNotFound for a set that is not visible here, and what planWish throws */
async function planSet(
  ctx: Context,
  id: number,
  body: ServiceInput<'imageSetReplace'>['body'],
): Promise<MadePlan> {
  const images = await fetchImagesOfSet(ctx.tx, ctx.scope, id);
  if (images.length > 0) return planWish(ctx, ctx.scope, { ...body, oldImageSet: { id } });
  throw new ApiError(
    'ObjectNotFound',
    `No image set has the id ${id} here. Its images may have been deleted, renamed or promoted, or it belongs to another scope.`,
  );
}

/** What became of each image of the set. */
function toResults({ pairs, holes }: MadePlan): NonNullable<Meta<'imageSetReplace'>>['pairs'] {
  const shown = (image: MadePlan['pairs'][number]['oldImage']) => ({
    id: image.id,
    name: image.name,
  });
  return [
    ...pairs.map(({ oldImage, newImage, refusal, change }) => ({
      oldImage: shown(oldImage),
      newImage: shown(newImage),
      cloudPlatform: oldImage.cloud_platform,
      cloudLocation: oldImage.cloud_location,
      outcome: refusal ? ('skip' as const) : ('change' as const),
      code: refusal?.code ?? null,
      reason: refusal?.reason ?? null,
      roles: change.length,
    })),
    ...holes.map(({ image }) => ({
      oldImage: shown(image),
      newImage: null,
      cloudPlatform: image.cloud_platform,
      cloudLocation: image.cloud_location,
      outcome: 'hole' as const,
      code: null,
      reason: null,
      roles: 0,
    })),
  ];
}

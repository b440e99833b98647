import type { Meta, ServiceInput } from '#contract/operations.ts';
import { replacementItems } from '../../domain/plan-items.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { getVisibleImageSet } from '../image-sets/image-set-access.ts';
import type { MadePlan } from './make-plan.ts';
import { toReplacementPlan } from './plan-present.ts';
import { applyNow, toChanged, toCounts } from './replace-image.ts';
import { planWish } from './stored-plans.ts';

/** Replacing every image of a set at once: docs/domain.md, "Replacement". */
export const replaceSetHandlers = {
  imageSetReplacePreview: async (ctx, { params, body }) => {
    const set = await getVisibleImageSet(ctx, params.imageSetId);
    const plan = await planSet(ctx, set, body);
    for (const warning of plan.warnings) ctx.warn(warning);
    return { data: await toReplacementPlan(ctx, plan) };
  },

  imageSetReplace: async (ctx, { params, body }) => {
    const set = await getVisibleImageSet(ctx, params.imageSetId);
    ctx.expectVersion(set.version);
    const plan = await planSet(ctx, set, body);
    await ctx.expectPlan(() => replacementItems(plan, { isWhole: true }));
    const replacement = await applyNow(ctx, plan, body.reason);
    return {
      data: toChanged(plan),
      meta: { replacement, pairs: toResults(plan), ...toCounts(plan) },
    };
  },
} satisfies SomeHandlers;

/** @throws ApiError what planWish throws */
function planSet(
  ctx: Context,
  { id }: { id: number },
  body: ServiceInput<'imageSetReplace'>['body'],
): Promise<MadePlan> {
  return planWish(ctx, ctx.scope, { ...body, oldImageSet: { id } });
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

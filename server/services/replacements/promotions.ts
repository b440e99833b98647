import type { ScopeRef } from '#contract/scope.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import {
  mergeImages,
  moveImages,
  moveRole,
} from '../../database/queries/replacements/promotions.ts';
import {
  mergeNeeded,
  promotionTarget,
  type PromotionPlan,
  toBlockers,
} from '../../domain/roles/promotions.ts';
import { promotionItems } from '../../domain/plan-items.ts';
import type { ScopedRow } from '../../domain/scopes.ts';
import { getVisibleImage, getVisibleRole, readImage } from '../access.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { changesOf } from '../log-entry.ts';
import { toImage, toImageAt, toRole } from '../present.ts';
import { planImagePromotions, planPromotionOf, planRolePromotions } from './promotion-plan.ts';
import { previewImagePromotion, previewRolePromotion } from './promotion-preview.ts';
import { findPromotionRefusal } from './promotion-rights.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { readRole } from '../roles/role-changes.ts';

/** @throws ApiError ObjectNotFound, ScopeViolation, PermissionViolation, UnicityViolation, UnacceptableState */
const promoteImage: Handler<'imagePromote'> = async (ctx, { params, body }) => {
  const row = await getVisibleImage(ctx, params.imageId);
  const target = demandTarget(ctx, `Image "${row.name}"`, row);
  ctx.expectVersion(row.version);
  const plan = await planPromotionOf(planImagePromotions, ctx, target, row);
  await ctx.expectPlan(() => promotionItems([row], plan));
  demandRoom(plan, body.merge);
  await movePlanned(ctx, plan, target);
  const after = await readImage(ctx, plan.merges[0]?.into ?? row.id);
  warnOfMerges(ctx, plan, [row]);
  ctx.record({ kind: 'image', before: toImage(row), after: toImage(after) });
  return { data: toImageAt(after, ctx.scope) };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, PermissionViolation, UnicityViolation, UnacceptableState */
const promoteRole: Handler<'rolePromote'> = async (ctx, { params, body }) => {
  const row = await getVisibleRole(ctx, params.roleId);
  const target = demandTarget(ctx, `Role "${row.name}"`, row);
  ctx.expectVersion(row.version);
  const plan = await planPromotionOf(planRolePromotions, ctx, target, row);
  await ctx.expectPlan(() => promotionItems(plan.images, plan));
  demandRoom(plan, body.merge);
  const { images } = plan;
  const categoryId = plan.role?.categoryThere?.id ?? row.category_id;
  await moveRole(ctx.tx, row.id, target, categoryId);
  await movePlanned(ctx, plan, target);
  if (categoryId !== row.category_id)
    ctx.warn({
      code: 'CategoryChanged',
      message: `Role "${row.name}" is now in the category "${plan.role?.category.name ?? ''}" of its new scope.`,
    });
  warnOfMerges(ctx, plan, images);
  const role = await readRole(ctx, row.id);
  const others = changesOf('image', images.map(toImage), await readPromoted(ctx, plan, images));
  ctx.record({ kind: 'role', before: toRole(row), after: role, others });
  return { data: role };
};

/** Moving objects one scope up: docs/domain.md, "Promotion". */
export const promotionHandlers = {
  imagePromotePreview: previewImagePromotion,
  imagePromote: promoteImage,
  rolePromotePreview: previewRolePromotion,
  rolePromote: promoteRole,
} satisfies SomeHandlers;

export function demandTarget(ctx: Context, what: string, row: ScopedRow): ScopeRef {
  refuseIf(findPromotionRefusal(ctx, what, row));
  const target = promotionTarget(row);
  if (!target) throw new Error(`${what} has no scope above it, but was not refused`);
  return target;
}

/** Refuses what collides, naming everything that does. */
function demandRoom(plan: PromotionPlan, merge: boolean | undefined): void {
  const refusal = plan.refusal ?? (merge ? undefined : mergeNeeded(plan));
  if (refusal)
    throw refusalError(
      refusal,
      plan.collisions.length > 0 ? toBlockers(plan.collisions) : undefined,
    );
}

/** Moves and merges images as a plan says. */
export async function movePlanned(
  ctx: Context,
  plan: Pick<PromotionPlan, 'merges' | 'moves'>,
  target: ScopeRef,
): Promise<void> {
  await mergeImages(ctx.tx, plan.merges, ctx.now);
  await moveImages(ctx.tx, plan.moves, target);
}

/** What images are after a promotion: themselves at another scope, or what they were merged into. */
export async function readPromoted(
  ctx: Context,
  plan: Pick<PromotionPlan, 'merges'>,
  images: readonly ImageRow[],
) {
  const survivors = new Map(plan.merges.map(({ from, into }) => [from, into]));
  const ids = images.map(({ id }) => survivors.get(id) ?? id);
  return (await fetchImages(ctx.tx, ids, ctx.scope)).map(toImage);
}

export function warnOfMerges(
  ctx: Context,
  plan: Pick<PromotionPlan, 'merges'>,
  images: readonly ImageRow[],
): void {
  for (const { from, into } of plan.merges) {
    const name = images.find(({ id }) => id === from)?.name ?? from;
    ctx.warn({
      code: 'Merged',
      message: `Image "${name}" was registered there already: what used ${from} uses ${into} now.`,
    });
  }
}

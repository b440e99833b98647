import type { Collision, PromotionPreview } from '#contract/replacements/promotions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import {
  type PlannedCollision,
  promotionTarget,
  topReason,
} from '../../domain/roles/promotions.ts';
import { toVerdict } from '../../domain/refusal.ts';
import { promotionItems } from '../../domain/plan-items.ts';
import { isOwn, type ScopedRow, scopeOf } from '../../domain/scopes.ts';
import { getVisibleImage, getVisibleRole, otherScopeReason } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { toImageAt, toPlace } from '../present.ts';
import { digestOf } from '../plan-digest.ts';
import {
  planImagePromotions,
  planPromotionOf,
  planRolePromotions,
  type Promotion,
} from './promotion-plan.ts';
import { lookAhead } from './promotion-outlook.ts';
import { findPromotionRefusal } from './promotion-rights.ts';
import { refusalError } from '../refuse.ts';

/**
 * The verdict says whether the promotion can be carried out at all: with collisions that can be
 * merged it is allowed, and `merge: true` is what it takes.
 * @throws ApiError ObjectNotFound, ScopeViolation when there is nothing to look at from this scope
 */
export const previewImagePromotion: Handler<'imagePromotePreview'> = async (ctx, { params }) => {
  const row = await getVisibleImage(ctx, params.imageId);
  const what = `Image "${row.name}"`;
  const target = getTarget(ctx, what, row);
  const plan = await planPromotionOf(planImagePromotions, ctx, target, row);
  const refusal = findPromotionRefusal(ctx, what, row) ?? plan.refusal;
  return {
    data: await toPreview(ctx, row, target, { ...plan, refusal, moving: [row], images: [] }),
  };
};

/** As for an image, with the images that come along. */
export const previewRolePromotion: Handler<'rolePromotePreview'> = async (ctx, { params }) => {
  const row = await getVisibleRole(ctx, params.roleId);
  const what = `Role "${row.name}"`;
  const target = getTarget(ctx, what, row);
  const plan = await planPromotionOf(planRolePromotions, ctx, target, row);
  const refusal = findPromotionRefusal(ctx, what, row) ?? plan.refusal;
  return { data: await toPreview(ctx, row, target, { ...plan, refusal, moving: plan.images }) };
};

/** @throws ApiError ScopeViolation when there is nothing to look at from this scope */
export function getTarget(ctx: Context, what: string, row: ScopedRow): ScopeRef {
  const target = promotionTarget(row);
  if (target && isOwn(row, ctx.scope)) return target;
  const reason = target ? otherScopeReason(what, row) : topReason(what);
  throw refusalError({ code: 'ScopeViolation', reason });
}

type PlaceRow = Parameters<typeof toPlace>[0];

/** The wire form of what a promotion would do. */
export async function toPreview(
  ctx: Context,
  row: PlaceRow,
  target: ScopeRef,
  plan: Promotion & {
    /** The images that come along, and the image itself where it is one that is promoted. */
    moving: readonly ImageRow[];
  },
): Promise<PromotionPreview> {
  return {
    ...toVerdict(plan.refusal),
    digest: digestOf(promotionItems(plan.moving, plan)),
    from: toPlace(row),
    to: toPlace({
      ...row,
      scope: target.scope,
      account_id: target.scope === 'scalr' ? null : row.account_id,
      account_name: target.scope === 'scalr' ? null : row.account_name,
      environment_id: null,
      environment_name: null,
    }),
    ...(await lookAhead(
      ctx,
      scopeOf(row),
      target,
      plan.moving.map(({ id }) => id),
    )),
    images: plan.images.map((image) => toImageAt(image, ctx.scope)),
    collisions: plan.collisions.filter((collision) => maySee(ctx, collision)).map(toCollision),
  };
}

/** A name may be taken in an environment that the caller does not see: the verdict says no more than that. */
function maySee(ctx: Context, collision: PlannedCollision): boolean {
  return collision.with.scope !== 'environment' || ctx.can('view', scopeOf(collision.with));
}

function toCollision(collision: PlannedCollision): Collision {
  return {
    type: collision.type,
    id: collision.with.id,
    name: collision.with.name,
    scope: collision.with.scope,
    accountId: collision.with.account_id,
    envId: collision.with.environment_id,
    of: { type: collision.type, id: collision.of.id, name: collision.of.name },
    mergeable: collision.refusal === undefined,
    waysOut: waysOut(collision),
    ...(collision.refusal && { reason: collision.refusal.reason }),
  };
}

function waysOut({ type, refusal }: PlannedCollision): Collision['waysOut'] {
  if (type === 'role') return ['rename'];
  return refusal ? [] : ['merge'];
}

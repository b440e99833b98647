import { promotionTarget, topReason } from '../../domain/roles/promotions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { ScopedRow } from '../../domain/scopes.ts';
import { findMissingRight, findOtherScope } from '../access.ts';
import type { Context } from '../context.ts';

/**
 * Whether the caller may promote an object from the request's scope, before anything is looked up: the
 * caller manages images there and may promote one scope above, and it must live exactly there, not at the top
 * (docs/domain.md, "Promotion").
 * @param what e.g. `Image "fcos-44"`, to begin a sentence with
 */
export function findPromotionRefusal(
  ctx: Context,
  what: string,
  row: ScopedRow,
): Refusal | undefined {
  const target = promotionTarget(row);
  return (
    findMissingRight(ctx, 'images.manage', ctx.scope, 'promote this') ??
    (target
      ? findOtherScope(ctx, row, what)
      : { code: 'ScopeViolation', reason: topReason(what) }) ??
    (target && findMissingRight(ctx, 'promote', target, 'promote this'))
  );
}

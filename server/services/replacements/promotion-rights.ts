import type { Permission } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { lacking } from '../../domain/rights.ts';
import { promotionTarget, topReason } from '../../domain/promotions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { isOwn, type ScopedRow } from '../../domain/scopes.ts';
import { otherScopeReason } from '../access.ts';
import type { Context } from '../context.ts';

/**
 * Whether the caller may promote an object from the request's scope, before anything is looked up: it
 * must live exactly there, not at the top, and the caller needs the right there and one scope above
 * (docs/domain.md, "Promotion").
 * @param what e.g. `Image "fcos-44"`, to begin a sentence with
 */
export function findPromotionRefusal(
  ctx: Context,
  what: string,
  row: ScopedRow,
): Refusal | undefined {
  const target = promotionTarget(row);
  if (!target) return { code: 'ScopeViolation', reason: topReason(what) };
  if (!isOwn(row, ctx.scope))
    return { code: 'ScopeViolation', reason: otherScopeReason(what, row) };
  return (
    findMissingRight(ctx, 'promote', ctx.scope, 'promote this') ??
    findMissingRight(ctx, 'promote', target, 'promote this')
  );
}

/** The refusal of somebody who lacks a right, as a value. */
export function findMissingRight(
  ctx: Context,
  permission: Permission,
  at: ScopeRef,
  doing: string,
): Refusal | undefined {
  if (ctx.can(permission, at)) return undefined;
  return { code: 'PermissionViolation', reason: lacking(permission, at, doing) };
}

import type { Role } from '#contract/roles/roles.ts';
import type { RoleCellRow } from '../../database/queries/roles/role-cells.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { type Refusal, toVerdict } from '../../domain/refusal.ts';
import { findCloneRefusal } from '../../domain/roles.ts';
import { isOwn } from '../../domain/scopes.ts';
import { otherScopeReason } from '../access.ts';
import type { Context } from '../context.ts';
import { findMissingRight, findPromotionRefusal } from '../replacements/promotion-rights.ts';

/** What the verdicts on a role's actions look at beside the role itself. */
export interface RoleActionFacts {
  /** The images it holds. */
  images: readonly RoleCellRow[];
  /** Some farm uses it, anywhere. */
  used: boolean;
}

/** What may be done with a role now from the request's scope, and why not. */
export function judgeRoleActions(
  ctx: Context,
  role: RoleRow,
  facts: RoleActionFacts,
): NonNullable<Role['actions']> {
  const change = (doing: string) => toVerdict(findChangeRefusal(ctx, role, doing));
  return {
    update: change('change roles'),
    addImage: change('add images to roles'),
    deprecate: change('deprecate roles'),
    promote: toVerdict(findPromotionRefusal(ctx, `Role "${role.name}"`, role)),
    clone: toVerdict(
      findMissingRight(ctx, 'roles.manage', ctx.scope, 'clone roles') ??
        findCloneRefusal(toCopy(ctx, role), facts.images),
    ),
    delete: toVerdict(
      findChangeRefusal(ctx, role, 'delete roles') ?? (facts.used ? usedRefusal(role) : undefined),
    ),
  };
}

/** A role with the same content at the request's scope, which sees everything that the role does. */
export function toCopy(ctx: Context, role: RoleRow): RoleRow {
  const { scope } = ctx;
  return {
    ...role,
    scope: scope.scope,
    account_id: scope.scope === 'scalr' ? null : scope.accountId,
    environment_id: scope.scope === 'environment' ? scope.environmentId : null,
  };
}

/** The refusal of deleting a role that farms use. */
export function usedRefusal(role: { name: string }): Refusal {
  return {
    code: 'ObjectInUse',
    reason: `Role "${role.name}" is used by farms and cannot be deleted. Take it out of them first, or deprecate it so that it cannot enter another farm.`,
  };
}

function findChangeRefusal(ctx: Context, role: RoleRow, doing: string): Refusal | undefined {
  if (!isOwn(role, ctx.scope))
    return { code: 'ScopeViolation', reason: otherScopeReason(`Role "${role.name}"`, role) };
  return findMissingRight(ctx, 'roles.manage', ctx.scope, doing);
}

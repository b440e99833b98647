import type { Role } from '#contract/roles/roles.ts';
import type { RoleCellRow } from '../../database/queries/roles/role-cells.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { type Refusal, toVerdict } from '../../domain/refusal.ts';
import { findCloneRefusal } from '../../domain/roles/roles.ts';
import { findOtherScope, judge } from '../access.ts';
import type { Context } from '../context.ts';

/** What the verdicts on a role's actions look at beside the role itself. */
export interface RoleActionFacts {
  /** The images it holds. */
  images: readonly RoleCellRow[];
  /** Some farm uses it, anywhere. */
  used: boolean;
  /** What stands against promoting it. */
  promotion: Refusal | undefined;
  /** What stands against demoting it. */
  demotion: Refusal | undefined;
}

/** What may be done with a role now from the request's scope, and why not. */
export function judgeRoleActions(
  ctx: Context,
  role: RoleRow,
  facts: RoleActionFacts,
): NonNullable<Role['actions']> {
  const own = findOtherScope(ctx, role, roleInWords(role));
  const clone = findCloneRefusal(toCopy(ctx, role), facts.images);
  const deletion = own ?? (facts.used ? usedRefusal(role) : undefined);
  return {
    update: judge(ctx, 'roleUpdate', 'change roles', own),
    addImage: judge(ctx, 'roleImageCreate', 'add images to roles', own),
    deprecate: judge(ctx, 'roleDeprecate', 'deprecate roles', own),
    promote: toVerdict(facts.promotion),
    demote: toVerdict(facts.demotion),
    clone: judge(ctx, 'roleClone', 'clone roles', clone),
    delete: judge(ctx, 'roleDelete', 'delete roles', deletion),
  };
}

/** To begin a sentence with. */
export const roleInWords = (role: { name: string }) => `Role "${role.name}"`;

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

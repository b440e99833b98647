import { type Permission, rolePermissions, type UserRole } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';

export interface Grant {
  role: UserRole;
  at: ScopeRef;
}

/** Who asks: a user with their grants, or Slipway itself (a loop, the command line), which may do anything. */
export type Principal =
  | { kind: 'user'; id: number; email: string; name: string; grants: readonly Grant[] }
  | { kind: 'system'; name: `system:${string}` | `cli:${string}` };

/** The name that records keep: an e-mail address, `system:<loop>` or `cli:<user>`. */
export function principalName(principal: Principal): string {
  return principal.kind === 'user' ? principal.email : principal.name;
}

/** Whether `inner` is `outer` or lies below it. */
export function isWithin(inner: ScopeRef, outer: ScopeRef): boolean {
  if (outer.scope === 'scalr') return true;
  if (inner.scope === 'scalr') return false;
  if (outer.scope === 'account') return inner.accountId === outer.accountId;
  return inner.scope === 'environment' && inner.environmentId === outer.environmentId;
}

/** Whether the principal holds a permission at a scope: by a grant there or above it. */
export function holds(principal: Principal, permission: Permission, at: ScopeRef): boolean {
  if (principal.kind === 'system') return true;
  return principal.grants.some(
    (grant) => isWithin(at, grant.at) && rolePermissions[grant.role].includes(permission),
  );
}

import {
  type Permission,
  rolePermissions,
  type UserRole,
  userRoleLabel,
  userRoles,
} from '#contract/permissions.ts';
import { scopeLabel, type ScopeRef } from '#contract/scope.ts';

export interface Grant {
  role: UserRole;
  at: ScopeRef;
}

/** What an API key leaves of the rights of its user: docs/domain.md, "API keys and signed requests". */
export interface Narrowing {
  /** What it reaches at most; Corporate is all that its user does. */
  to: ScopeRef;
  readOnly: boolean;
}

export interface UserPrincipal {
  kind: 'user';
  id: number;
  email: string;
  name: string;
  grants: readonly Grant[];
  /** Of the key that signed; `grants` are what it leaves. */
  narrowing?: Narrowing | undefined;
}

/** Who asks: a user with their grants, or Slipway itself (a loop, the command line), which may do anything. */
export type Principal =
  | UserPrincipal
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

/** The scope that lies within both; undefined where there is none. */
export function intersect(a: ScopeRef, b: ScopeRef): ScopeRef | undefined {
  if (isWithin(a, b)) return a;
  return isWithin(b, a) ? b : undefined;
}

/** A user as one of their API keys stands for them: nothing that it does not reach is there. */
export function narrow(user: UserPrincipal, narrowing: Narrowing): UserPrincipal {
  const grants = user.grants.flatMap(({ role, at }) => {
    const left = intersect(at, narrowing.to);
    return left ? [{ role, at: left }] : [];
  });
  return { ...user, grants, narrowing };
}

/** Whether a principal may only look, whatever it holds. */
export function isReadOnly(principal: Principal): boolean {
  return principal.kind === 'user' && principal.narrowing?.readOnly === true;
}

/** Whether a principal may act on a permission at a scope. */
export function mayAct(principal: Principal, permission: Permission, at: ScopeRef): boolean {
  return (permission === 'view' || !isReadOnly(principal)) && holds(principal, permission, at);
}

/** Whether the principal holds a permission at a scope: by a grant there or above it. */
export function holds(principal: Principal, permission: Permission, at: ScopeRef): boolean {
  if (principal.kind === 'system') return true;
  return principal.grants.some(
    (grant) => isWithin(at, grant.at) && rolePermissions[grant.role].includes(permission),
  );
}

/** The sentence for a missing right: what is missing, where, and whom to ask. */
export function lacking(permission: Permission, at: ScopeRef, doing: string): string {
  const able = userRoles.filter((role) => rolePermissions[role].includes(permission));
  const names = able.map((role) => userRoleLabel[role]).join(' or ');
  const where =
    at.scope === 'scalr' ? 'Corporate scope' : `this ${scopeLabel[at.scope].toLowerCase()}`;
  return `To ${doing} you need the role ${names} at ${where}${at.scope === 'scalr' ? '' : ' or above'}. Ask an administrator for it.`;
}

import { ApiError } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import type { ScopeRef } from '#contract/scope.ts';
import {
  holds,
  isReadOnly,
  lacking,
  type Narrowing,
  narrow,
  type Principal,
} from '../domain/rights.ts';

export { type Narrowing, narrow };

/** The scope that a path names, before it is looked up. */
export type ScopeAddress =
  | { level: 'self' }
  | { level: 'global' }
  | { level: 'account'; accountId: number }
  | { level: 'user'; envId: number };

/**
 * Refuses what the principal may not do at the scope of the request. What it may not even see does
 * not exist for it: docs/domain.md, "Visibility".
 * @throws ApiError ObjectNotFound, PermissionViolation
 */
export function authorise(
  principal: Principal,
  spec: Pick<OperationSpec, 'permission'>,
  address: ScopeAddress,
  scope: ScopeRef | undefined,
): void {
  if (!scope || !maySee(principal, scope)) throw invisible(address);
  if (spec.permission === 'none' || spec.permission === 'signed-in') return;
  if (!holds(principal, spec.permission, scope))
    throw new ApiError('PermissionViolation', lacking(spec.permission, scope, 'do this'));
}

/** Refuses changes to a key that may only read. @throws ApiError PermissionViolation */
export function refuseToWrite(principal: Principal): void {
  if (isReadOnly(principal))
    throw new ApiError(
      'PermissionViolation',
      'This API key may only read. Sign with one that may also change things.',
    );
}

/** Whether a scope exists for the principal. */
export function maySee(principal: Principal, scope: ScopeRef): boolean {
  return holds(principal, 'view', scope);
}

function invisible(address: ScopeAddress): ApiError {
  if (address.level === 'account')
    return new ApiError(
      'ObjectNotFound',
      `No account has the id ${address.accountId}, or you have no access to it.`,
    );
  if (address.level === 'user')
    return new ApiError(
      'ObjectNotFound',
      `No environment has the id ${address.envId}, or you have no access to it.`,
    );
  return new ApiError(
    'PermissionViolation',
    'You have no role at Corporate scope. Open one of your accounts or environments, or ask a Corporate administrator for access.',
  );
}

/** The address under which requests name a scope. */
export function addressOf(scope: ScopeRef): ScopeAddress {
  if (scope.scope === 'scalr') return { level: 'global' };
  if (scope.scope === 'account') return { level: 'account', accountId: scope.accountId };
  return { level: 'user', envId: scope.environmentId };
}

/** What everybody is told who did not say who they are. */
export function notSignedIn(): ApiError {
  return new ApiError('BadAuthentication', 'Sign in first: there is no session, or it has ended.');
}

import type { OperationSpec } from '#contract/operation.ts';
import type { ScopeAddress } from './auth/authorise.ts';
import type { RepeatableRequest } from './database/queries/records/answered-requests.ts';
import type { WriteLock } from './database/connection/locks.ts';

// What follows for a request from what the contract says of its operation.

/** Whether an operation changes anything. */
export function isChange({ method, permission, keeps }: OperationSpec): boolean {
  return method !== 'GET' && (permission !== 'view' || keeps === true);
}

/** Whether an operation takes no lock: it looks, or changes what is its user's own. */
export function isRead(spec: OperationSpec): boolean {
  const ofUser = spec.levels.includes('self') && spec.recorded !== true;
  return ofUser || !isChange(spec);
}

/** docs/domain.md, "Confirm again". */
export function wantsConfirmation(spec: OperationSpec, { level }: ScopeAddress): boolean {
  const reachesCorporate = spec.writesAbove === true && level === 'account';
  return spec.confirms === true || reachesCorporate;
}

/** What a change holds while it works: docs/architecture.md. */
export function lockOf(spec: OperationSpec, address: ScopeAddress): WriteLock {
  if (address.level === 'user') return { environmentId: address.envId };
  if (address.level === 'account' && !spec.writesAbove) return { accountId: address.accountId };
  return { corporate: true };
}

/** Only what changes something for a user is kept for a repeat. */
export function repeatOf(
  spec: OperationSpec,
  request: {
    caller: { kind: string; userId?: number };
    repeat?: Omit<RepeatableRequest, 'userId' | 'isSecret'> | undefined;
  },
): RepeatableRequest | undefined {
  const { caller, repeat } = request;
  if (!repeat || caller.userId === undefined || spec.holdsPassword === true) return undefined;
  return { ...repeat, userId: caller.userId, isSecret: spec.secret === true };
}

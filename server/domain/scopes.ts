import { type ScopeRef, scopeRank } from '#contract/scope.ts';

/** The three columns in which rows keep their scope. */
export interface ScopedRow {
  scope: ScopeRef['scope'];
  account_id: number | null;
  environment_id: number | null;
}

/**
 * Whether an object is visible from a scope: it lives there or above it in the same account
 * (docs/domain.md, "Visibility").
 */
export function isVisibleFrom(object: ScopedRow, from: ScopeRef): boolean {
  if (object.scope === 'scalr') return true;
  if (from.scope === 'scalr') return false;
  if (object.scope === 'account') return object.account_id === from.accountId;
  return from.scope === 'environment' && object.environment_id === from.environmentId;
}

/** Whether an object lives exactly at a scope: only there may it be changed. */
export function isOwn(object: ScopedRow, at: ScopeRef): boolean {
  return object.scope === at.scope && isVisibleFrom(object, at);
}

/** Whether an object lives at a scope or below it. */
export function isWithin(row: ScopedRow, at: ScopeRef): boolean {
  if (at.scope === 'scalr') return true;
  if (row.account_id !== at.accountId) return false;
  return at.scope === 'account' || row.environment_id === at.environmentId;
}

/** Whether everyone who sees `user` also sees `used`: what a role may refer to. */
export function isAtOrAbove(used: ScopedRow, user: ScopedRow): boolean {
  if (scopeRank[used.scope] > scopeRank[user.scope]) return false;
  if (used.scope === 'scalr') return true;
  if (used.account_id !== user.account_id) return false;
  return used.scope === 'account' || used.environment_id === user.environment_id;
}

/**
 * The scope that a row's three columns spell.
 * @throws Error when they contradict each other, which the database's checks rule out: guessed at, such a
 * row would belong to everybody
 */
export function scopeOf({ scope, account_id, environment_id }: ScopedRow): ScopeRef {
  if (scope === 'scalr' && account_id === null && environment_id === null) return { scope };
  if (scope === 'account' && account_id !== null && environment_id === null)
    return { scope, accountId: account_id };
  if (scope === 'environment' && account_id !== null && environment_id !== null)
    return { scope, accountId: account_id, environmentId: environment_id };
  throw new Error(
    `A row at ${scope} scope names account ${account_id} and environment ${environment_id}`,
  );
}

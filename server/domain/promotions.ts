import { type ScopeRef, scopeAbove, scopeLabel } from '#contract/scope.ts';
import type { ScopedRow } from './scopes.ts';

/** Where a promotion takes an object: one scope up, or undefined at the top. */
export function promotionTarget(row: ScopedRow): ScopeRef | undefined {
  const above = scopeAbove(row.scope);
  if (above === undefined || row.account_id === null) return undefined;
  return above === 'account' ? { scope: 'account', accountId: row.account_id } : { scope: 'scalr' };
}

/** The sentence for an object that cannot move further up. */
export function topReason(what: string): string {
  return `${what} is at ${scopeLabel.scalr} scope already. There is no scope above it to promote it to.`;
}

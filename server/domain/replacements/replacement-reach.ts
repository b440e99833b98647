import { type Scope, scopeLabel, scopeRank, scopes } from '#contract/scope.ts';
import type { Refusal } from '../refusal.ts';

const unreachable = { code: 'InvalidValue', field: 'scope' } as const;

/**
 * The scopes whose roles change: the request's own, or more below it. A lower scope needs those
 * between, so that a role never moves ahead of the ones it was made from (docs/domain.md, "Replacement").
 * @returns the reach from the top down, or what is wrong with the scopes that were named
 */
export function planReach(
  own: Scope,
  named: readonly Scope[] = [own],
): { reach: Scope[] } | Refusal {
  const lowest = Math.max(scopeRank[own], ...named.map((scope) => scopeRank[scope]));
  const reach = scopes.filter((s) => scopeRank[s] >= scopeRank[own] && scopeRank[s] <= lowest);
  const above = named.find((scope) => scopeRank[scope] < scopeRank[own]);
  if (above)
    return {
      ...unreachable,
      reason: `Roles of the ${scopeLabel[above]} scope cannot be changed from ${scopeLabel[own]} scope: name ${quoted([own])} or scopes below it, or send the request at ${scopeLabel[above]} scope.`,
    };
  if (reach.every((scope) => named.includes(scope))) return { reach };
  return {
    ...unreachable,
    reason: `To reach a lower scope, name every scope from this one down to it: ${quoted(reach)}.`,
  };
}

function quoted(names: readonly Scope[]): string {
  return names.map((name) => `"${name}"`).join(' and ');
}

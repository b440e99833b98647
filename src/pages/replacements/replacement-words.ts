import type { Replacement } from '#contract/replacements/replacements.ts';
import { scopeLabel } from '#contract/scope.ts';

/** What it was, and whether it still stands. */
export function stateWords(replacement: Replacement): string {
  const { rollsBack, rolledBackBy } = replacement;
  const what = rollsBack === null ? 'Replaced' : 'Rolled back';
  return rolledBackBy === null ? what : `${what}, then rolled back`;
}

/** What a role that was changed has in that place now. */
export const nowWords = {
  newImage: 'has the new image',
  oldImage: 'has the old image back',
  otherImage: 'has another image',
  noImage: 'has no image there',
  deleted: 'was deleted',
} as const;

/** `Corporate, Account`: the scopes whose roles were to change. */
export function reachWords({ reach }: Replacement): string {
  return reach.map((scope) => scopeLabel[scope]).join(', ');
}

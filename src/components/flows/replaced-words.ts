import type { Replacement } from '#contract/replacements/replacements.ts';

type Pairs = Pick<Replacement, 'pairs'>;

/** The versions on either side of a replacement, each name once. */
export function namesOf({ pairs }: Pairs, side: 'oldImage' | 'newImage'): string {
  const [first = '', ...others] = new Set(pairs.map((pair) => pair[side].name));
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** `web-1 by web-2`. */
export function replacedWords(replacement: Pairs): string {
  return `${namesOf(replacement, 'oldImage')} by ${namesOf(replacement, 'newImage')}`;
}

/** What a list shows unless asked for others: what was given up, or is too old to be applied, is over. */
export const listedStates = ['planned', 'applied', 'rolledBack'] as const;

/** What a state is called. */
export const stateWord = {
  planned: 'Planned',
  applied: 'Applied',
  rolledBack: 'Rolled back',
  cancelled: 'Cancelled',
  expired: 'Expired',
} as const;

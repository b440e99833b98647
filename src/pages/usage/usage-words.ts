import type { UsageRow } from '#contract/farms/usage.ts';

/** Why the image is old there, in a word; whySentence explains it. */
export function whyWord(row: UsageRow): 'Stale' | 'Deprecated' | 'Both' {
  if (row.stale) return row.image.deprecated ? 'Both' : 'Stale';
  return 'Deprecated';
}

/** Why the image is old there and what follows, in a sentence or two. */
export function whySentence(row: UsageRow): string {
  if (!row.stale) {
    return 'Deprecated: the role still has the image, so a relaunched server gets it again.';
  }
  const deprecated = row.image.deprecated ? 'Deprecated and stale: ' : 'Stale: ';
  const next = row.roleImage.deprecated
    ? `${row.roleImage.name}, also deprecated`
    : row.roleImage.name;
  return `${deprecated}the role has moved on to ${next}, which a relaunched server gets.`;
}

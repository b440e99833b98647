import type { ImageCandidate } from '#contract/images/image-candidates.ts';

/**
 * Whether it may be chosen: also where an option, or a role that held it before, can make it fit;
 * what comes of that is the preview's to say.
 */
export function isChoosable(
  candidate: Pick<ImageCandidate, 'valid' | 'code'>,
  { inOneRole }: { inOneRole: boolean },
): boolean {
  if (candidate.valid || candidate.code === 'Deprecated') return true;
  // Replacing in one role has no option for it.
  return candidate.code === 'ConfigurationMismatch' && !inOneRole;
}

/** The headings of the list: what is another version comes first, what is other software says so. */
export type CandidateGroup = 'sameLine' | 'otherLine' | 'unfit';

export function groupOf({ valid, sameLine }: Pick<ImageCandidate, 'valid' | 'sameLine'>) {
  if (!valid) return 'unfit';
  return sameLine ? 'sameLine' : 'otherLine';
}

export const groupLabel: Readonly<Record<CandidateGroup, string>> = {
  sameLine: 'Of the same line, newest first',
  otherLine: 'Of another line: other software, by its name',
  unfit: 'Not possible as they are',
};

/** Why an image is no plain candidate, for somebody who has options on the page. */
export function whyNot(
  candidate: Pick<ImageCandidate, 'valid' | 'code' | 'reason' | 'architecture'>,
  old: { architecture: string },
  { inOneRole }: { inOneRole: boolean },
): string | undefined {
  if (candidate.valid) return undefined;
  if (candidate.code === 'ConfigurationMismatch' && !inOneRole) {
    return `For ${candidate.architecture}, the old one is for ${old.architecture}: you can allow that after choosing it.`;
  }
  if (candidate.code === 'Deprecated') {
    return 'Deprecated: only roles that held it before can go back to it.';
  }
  return candidate.reason ?? 'It cannot take the place of the old image.';
}

import { cloudPlatformLabel } from '#contract/images/platforms.ts';

/** What an object says of itself beside its name. */
export interface NamedFacts {
  os?: { id: string; name: string; family: string | null } | undefined;
  cloudPlatform?: string | undefined;
  cloudLocation?: string | undefined;
  architecture?: string | undefined;
}

const separators = /[^a-z0-9]+/g;

/** `-ubuntu-24-04-`: words between dashes, so that a word is found as a whole only. */
function dashed(text: string): string {
  return `-${text.toLowerCase().replace(separators, '-')}-`;
}

/** A family such as `fedora-coreos` stands in a name for its version too: `fedora-coreos-44`. */
function factsInName(name: string, facts: NamedFacts): string[] {
  const platform = facts.cloudPlatform ?? '';
  const words: [fact: string, spellings: (string | null | undefined)[]][] = [
    [`its OS (${facts.os?.name})`, [facts.os?.family, facts.os?.id, facts.os?.name]],
    [
      `its cloud (${cloudPlatformLabel[platform] ?? platform})`,
      [platform, cloudPlatformLabel[platform]],
    ],
    [`its location (${facts.cloudLocation})`, [facts.cloudLocation]],
    [`its architecture (${facts.architecture})`, [facts.architecture]],
  ];
  return words
    .filter(([, spellings]) =>
      spellings.some(
        (spelling) =>
          spelling != null && spelling !== '' && dashed(name).includes(dashed(spelling)),
      ),
    )
    .map(([fact]) => fact);
}

/**
 * Advice on the name of an image or a role while it is typed, or undefined where there is none: it
 * names the most important software and its version, and leaves out what the object says anyway
 * (docs/domain.md, "Names"). Advice only: such a name is accepted.
 */
export function nameAdvice(name: string, facts: NamedFacts): string | undefined {
  if (name.trim() === '') return undefined;
  const repeated = factsInName(name, facts);
  if (repeated.length > 0) {
    return `You can leave out ${repeated.join(' and ')}: it is shown beside the name anyway.`;
  }
  if (!/\d/.test(name)) {
    return 'A version makes it clear which one is newer, for example nginx-1-27.';
  }
  return undefined;
}

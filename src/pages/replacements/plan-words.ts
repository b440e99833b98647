import type { StoredPlan } from '#contract/replacements/replacement-plans.ts';

import { formatQuantity } from '../../util/format.ts';
import { startingWords } from './replacement-words.ts';

/** What a plan comes to, in sentences. */
export function planSummary({ counts, pairs, holes, deprecates }: StoredPlan): string {
  const places = new Set(
    pairs.flatMap(({ roles, oldImage }) =>
      roles > 0 ? [`${oldImage.cloudPlatform} ${oldImage.cloudLocation}`] : [],
    ),
  ).size;
  const sentences = [
    counts.change === 0
      ? 'No role changes.'
      : `${formatQuantity(counts.roles, 'role')} ${counts.roles === 1 ? 'changes' : 'change'}, in ${formatQuantity(places, 'place')}.`,
  ];
  if (counts.skip > 0) {
    sentences.push(`${formatQuantity(counts.skip, 'role image')} cannot take the new one.`);
  }
  if (holes.length > 0) {
    sentences.push(
      `${formatQuantity(holes.length, 'old image')} ${holes.length === 1 ? 'has' : 'have'} nothing in ${holes.length === 1 ? 'its' : 'their'} place.`,
    );
  }
  if (deprecates > 0) {
    sentences.push(
      `${formatQuantity(deprecates, 'old image')} ${deprecates === 1 ? 'is' : 'are'} deprecated.`,
    );
  }
  return sentences.join(' ');
}

/** `Apply: replace in 12 roles`: the button names the effect and the amount. */
export function applyLabel({ counts, deprecates }: StoredPlan): string {
  const deprecate = `deprecate ${formatQuantity(deprecates, 'image')}`;
  if (counts.change === 0) return deprecates > 0 ? `Apply: ${deprecate}` : 'Apply';
  const replace = `replace in ${formatQuantity(counts.roles, 'role')}`;
  return deprecates > 0 ? `Apply: ${replace}, ${deprecate}` : `Apply: ${replace}`;
}

/** Why a plan that could be applied does nothing. */
export function emptyReason({ counts, deprecates }: StoredPlan): string | undefined {
  return counts.change === 0 && deprecates === 0
    ? 'Nothing would change. Choose a wider reach, or another version.'
    : undefined;
}

/** What starts on the new images, and what stays on the old ones. */
export function blastWords({ blastRadius }: StoredPlan): string {
  const { farms, farmRoles, environments, servers, suspendedServers } = blastRadius;
  if (farms === 0) return 'No farm uses a role that changes.';
  const starts = `New servers of ${formatQuantity(farmRoles, 'farm role')} in ${formatQuantity(farms, 'farm')} of ${formatQuantity(environments, 'environment')} start on the new images.`;
  if (servers === 0) return `${starts} No server runs an old one.`;
  const suspended = suspendedServers === 0 ? '' : `, ${suspendedServers} of them suspended,`;
  const stay = servers === 1 ? 'stays on its' : 'stay on their';
  const until = servers === 1 ? 'it is' : 'they are';
  return `${starts} ${formatQuantity(servers, 'server')}${suspended} ${stay} old image until ${until} relaunched. ${startingWords(blastRadius)}`.trimEnd();
}

/** What else keeps an old image, in sentences. */
export function keepingWords(plan: StoredPlan): string[] {
  const { outsideReach, inheritedRoles, otherRegistrations, returnsToEarlierImage } = plan;
  const keep = (roles: number) => (roles === 1 ? 'keeps' : 'keep');
  return [
    ...(outsideReach.roles > 0
      ? [
          `${formatQuantity(outsideReach.roles, 'role image')} below, out of reach, ${keep(outsideReach.roles)} the old one.`,
        ]
      : []),
    ...(inheritedRoles.roles > 0
      ? [
          `${formatQuantity(inheritedRoles.roles, 'role image')} of higher scopes ${keep(inheritedRoles.roles)} the old one: replace it there.`,
        ]
      : []),
    ...(otherRegistrations.roles > 0
      ? [
          `${formatQuantity(otherRegistrations.roles, 'role image')} ${keep(otherRegistrations.roles)} another registration of an old image, and would go on starting servers from it.`,
        ]
      : []),
    ...(returnsToEarlierImage
      ? ['Every role had its new image there before: they go back to it.']
      : []),
  ];
}

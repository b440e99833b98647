import { afterDays, dayOf, daysInWords, dueFrom, type Finding, kept } from './findings.ts';
import type { DeprecateRule } from '#contract/policies/rules.ts';
import { findStandings, type PolicyImage, type Standing } from './standing.ts';

/**
 * Which images a rule has deprecated: older than so many days, and not among the newest that can be used. Where it
 * names only one of these, that one decides.
 */
export function findDeprecations(
  rule: DeprecateRule,
  images: readonly PolicyImage[],
  now: Date,
): Finding[] {
  const standings = findStandings(images);
  const findings = images.map((image) => judge(rule, image, standings.get(image.id), now));
  const due = new Set(
    findings.flatMap(({ verdict, subject }) => (verdict === 'due' ? subject.id : [])),
  );
  // What is recommended instead stays.
  return findings.map((finding) => {
    const usable = standings.get(finding.subject.id)?.usable;
    return finding.verdict === 'due'
      ? { ...finding, useInstead: usable?.find(({ id }) => !due.has(id))?.id }
      : finding;
  });
}

function judge(
  { olderThanDays, keepNewest }: DeprecateRule,
  image: PolicyImage,
  standing: Standing | undefined,
  now: Date,
): Finding {
  if (!standing) return kept(image, 'status', 'It is not active.');
  if (image.is_deprecated) return kept(image, 'deprecated', 'It is deprecated already.');
  if (image.is_protected) return kept(image, 'protected', 'It is protected.');
  if (keepNewest !== null && standing.usableRank <= keepNewest)
    return kept(image, 'newest', newestWords(keepNewest));
  const since = supersededAt(image, standing, keepNewest);
  if (olderThanDays === null)
    return dueFrom(image, since, now, { code: 'superseded', why: supersededWords(keepNewest) });
  const oldAt = afterDays(image.added_at, olderThanDays);
  const dueAt = oldAt > since ? oldAt : since;
  const age = daysInWords(olderThanDays);
  const why =
    oldAt <= now
      ? `It was registered on ${dayOf(image.added_at)}, more than ${age} ago.`
      : `It was registered on ${dayOf(image.added_at)}, less than ${age} ago.`;
  return dueFrom(image, dueAt, now, { code: 'old', why });
}

/** Since when there are so many newer ones; since it was registered where that is not asked. */
function supersededAt(
  image: PolicyImage,
  { usable, usableRank }: Standing,
  keepNewest: number | null,
): Date {
  if (keepNewest === null || keepNewest === 0) return image.added_at;
  const newer = usable[usableRank - 1 - keepNewest];
  return newer && newer.added_at > image.added_at ? newer.added_at : image.added_at;
}

const supersededWords = (keepNewest: number | null): string =>
  keepNewest === 0
    ? 'None of its line stays.'
    : `There ${keepNewest === 1 ? 'is a newer one' : `are ${keepNewest} newer ones`} of its line in its place.`;

export const newestWords = (keepNewest: number): string =>
  keepNewest === 1
    ? 'It is the newest of its line in its place.'
    : `It is among the newest ${keepNewest} of its line in its place.`;

import type { ReferenceKind, UseVerdict } from '#contract/inventory/cloud-images.ts';

// Whether a cloud image is in use: docs/domain.md, "In use?".

/** How the last reading of one place went, with some credentials. */
export interface PlaceCoverage {
  credentials: string;
  account: string | null;
  /** Null as long as the cloud has not named the places that they reach. */
  location: string | null;
  readAt: Date | null;
  error: string | null;
  unread: readonly { part: string; words: string }[];
  /** What was read there and does not say which image it means. */
  unresolved: readonly { name: string; words: string }[];
}

/** Everything within reach of a platform, together. */
export interface Coverage {
  accounts: number;
  locations: number;
  /** When the oldest of the readings began. */
  since: Date | undefined;
  /** A sentence for each thing that was not read. */
  notRead: readonly string[];
}

/** What was read longer ago than this says nothing of what is there now. */
const longestAgeMs = 24 * 3_600_000;

/** @param places all of one platform that a scope reaches */
export function joinCoverage(places: readonly PlaceCoverage[], now: Date): Coverage {
  const read = places.flatMap(({ readAt }) => readAt ?? []);
  return {
    accounts: new Set(places.map(({ account, credentials }) => account ?? credentials)).size,
    locations: new Set(places.flatMap(({ location }) => location ?? [])).size,
    since: read.length > 0 ? new Date(Math.min(...read.map(Number))) : undefined,
    notRead: places.flatMap((place) => notReadOf(place, now)),
  };
}

/** What is missing of one place; nothing where all of it was read. */
export function notReadOf(place: PlaceCoverage, now: Date): string[] {
  const { credentials, location, readAt, error, unread, unresolved } = place;
  const who = `credentials "${credentials}"`;
  const where = location === null ? who : `${location || 'everywhere'} with ${who}`;
  if (error !== null) return [`${where}: ${error}`];
  if (location === null || readAt === null) return [`${where}: not read yet.`];
  if (Number(now) - Number(readAt) > longestAgeMs)
    return [`${where}: not read since ${timeWords(readAt)}.`];
  return [
    ...unread.map(({ part, words }) => `${part} of ${where}: ${words}`),
    ...unresolved.map(({ name, words }) => `${where}: ${name} ${words}.`),
  ];
}

/** How many things of each kind refer to an image. */
type ReferenceCounts = Readonly<Record<ReferenceKind, number>>;

/**
 * Only where everything within reach was read, nothing that is not found is not there. One reference is enough, whatever
 * was not read.
 */
export function judgeUse(
  counts: ReferenceCounts,
  coverage: Coverage,
): { verdict: UseVerdict; words: string } {
  const used = Object.entries(counts).filter(([, count]) => count > 0);
  if (used.length > 0) {
    const parts = used.map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`);
    return { verdict: 'inUse', words: `In use by ${joinWords(parts)}.` };
  }
  const [first, ...others] = coverage.notRead;
  if (first !== undefined || coverage.since === undefined) {
    const more = others.length > 0 ? ` And ${others.length} more.` : '';
    return {
      verdict: 'unknown',
      words: `Not all was read. ${first ?? 'Nothing was read yet.'}${more}`,
    };
  }
  const read = `${quantity(coverage.accounts, 'account')} in ${quantity(coverage.locations, 'region')}`;
  return {
    verdict: 'unused',
    words: `Unused: read ${read}, last at ${timeWords(coverage.since)}.`,
  };
}

const quantity = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
const timeWords = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const joinWords = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

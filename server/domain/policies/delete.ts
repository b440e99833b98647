import type { ReferenceKind } from '#contract/inventory/cloud-images.ts';
import { findDeletionRefusal, type ImageUse } from '../images/image-deletion.ts';
import { type Coverage, joinCoverage, judgeUse } from '../inventory/image-use.ts';
import { newestWords } from './deprecate.ts';
import { afterDays, dayOf, daysInWords, dueFrom, type Finding, kept } from './findings.ts';
import type { DeleteRule } from '#contract/policies/rules.ts';
import { findStandings, type PolicyImage, type Standing } from './standing.ts';

/** An image, and everything that uses it or its machine image, wherever that is. */
export interface DeletableImage
  extends PolicyImage, Omit<ImageUse, 'groups' | 'notRead' | 'references'> {
  cloud_image_id: string;
  /** What refers to its machine image, of all of its registrations. */
  references: Readonly<Record<ReferenceKind, number>>;
  /** Since when nothing is known to have used it. */
  unused_since: Date;
}

/**
 * Which images a rule has deleted: never what is protected, what is or may be in use, nor the newest of a line.
 * @param coverage by platform, what was read of the clouds within reach
 */
export function findDeletions(
  rule: DeleteRule,
  images: readonly DeletableImage[],
  { coverage, now }: { coverage: ReadonlyMap<string, Coverage>; now: Date },
): Finding[] {
  const standings = findStandings(images);
  const nothing = joinCoverage([], now);
  return images.map((image) =>
    judge(rule, image, standings.get(image.id), {
      coverage: coverage.get(image.cloud_platform) ?? nothing,
      now,
    }),
  );
}

function judge(
  rule: DeleteRule,
  image: DeletableImage,
  standing: Standing | undefined,
  { coverage, now }: { coverage: Coverage; now: Date },
): Finding {
  if (!standing) return kept(image, 'status', 'It is not active.');
  if (image.is_protected) return kept(image, 'protected', 'It is protected.');
  if (isAmongNewest(standing, rule.keepNewest, image))
    return kept(image, 'newest', newestWords(rule.keepNewest));
  const use = judgeUse(image.references, coverage);
  if (use.verdict === 'inUse') return kept(image, 'inUse', use.words);
  const refusal = findDeletionRefusal(image, here(image), rule.fromCloud);
  if (refusal?.code === 'ObjectInUse' && refusal.field === undefined)
    return kept(image, 'inUse', refusal.reason);
  if (use.verdict === 'unknown') return kept(image, 'unknownUse', use.words);
  if (rule.deprecatedOnly && !image.is_deprecated)
    return kept(image, 'notDeprecated', 'It is not deprecated.');
  if (refusal) return kept(image, 'cannotDelete', refusal.reason);
  const { unused_since: since } = image;
  const why = `Nothing has used it since ${dayOf(since)}, as far as is known; ${daysInWords(rule.unusedForDays)} are asked for.`;
  return dueFrom(image, afterDays(since, rule.unusedForDays), now, { code: 'unused', why });
}

/** A withdrawn release must not push out the one before it, nor the one before it the newest. */
function isAmongNewest(
  { rank, usableRank }: Standing,
  keepNewest: number,
  image: DeletableImage,
): boolean {
  return rank <= keepNewest || (!image.is_deprecated && usableRank <= keepNewest);
}

/** What of its use is not in a cloud, which is judged by what was read there. */
const here = (image: DeletableImage): ImageUse => ({
  ...image,
  groups: 0,
  references: 0,
  notRead: [],
});

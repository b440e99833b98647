import { useState } from 'react';
import type { ImageSetResult } from '#contract/image-sets/image-set-acts.ts';

import type { SetSelection } from '../../api/image-set-acts.ts';
import { formatQuantity } from '../../util/format.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

/** What a preview says of an act on a set. */
export interface SetPlanFacts {
  allowed: boolean;
  code?: string | undefined;
  reason?: string | undefined;
  results: readonly ImageSetResult[];
}

/** A preview as a dialog has it: `problem` says why it cannot be agreed to yet. */
export interface ShownSetPlan {
  data: SetPlanFacts | undefined;
  error: Error | null;
  problem: string | undefined;
}

/** Which images of the set an act is about, and whether those that are refused are left out. */
export function useSetChoice(images: readonly string[] | undefined) {
  const [skips, setSkips] = useState(false);
  const selection: SetSelection = {
    ...(images === undefined ? {} : { images: [...images] }),
    ...(skips ? { onRefusal: 'skip' } : {}),
  };
  return { selection, skips, setSkips };
}
export type SetChoice = ReturnType<typeof useSetChoice>;

/** How many images a plan, or an answer, changes, keeps as they are and leaves out. */
export function countResults(results: readonly ImageSetResult[]) {
  const count = (outcome: ImageSetResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  return { done: count('done'), unchanged: count('unchanged'), skipped: count('skipped') };
}

/** Whether the call is refused for some of the images only, so that leaving those out is a way. */
export function canSkip({ allowed, code, results }: SetPlanFacts): boolean {
  const { done, unchanged, skipped } = countResults(results);
  const isOfImages = results.some((result) => result.outcome === 'skipped' && result.code === code);
  return !allowed && isOfImages && skipped > 0 && done + unchanged > 0;
}

/** Why the act cannot be confirmed, or undefined where it can. */
export function reasonAgainstAct({ data, problem }: ShownSetPlan): string | undefined {
  if (problem !== undefined || data === undefined) return problem;
  const { done, skipped } = countResults(data.results);
  if (canSkip(data))
    return `${formatQuantity(skipped, 'image')} cannot be: leave them out, or change them first.`;
  if (!data.allowed) return reasonAgainst(data);
  return done === 0 ? 'There is nothing to change.' : undefined;
}

/** `6 images`: those that change, or all that it is about while nothing would; without a number while that is not known. */
export function amountOf({ data }: ShownSetPlan): string {
  if (data === undefined) return 'images';
  return formatQuantity(countResults(data.results).done || data.results.length, 'image');
}

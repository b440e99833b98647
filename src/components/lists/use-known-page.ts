import { useEffect, useEffectEvent } from 'react';
import type { Pagination } from '#contract/envelope.ts';

import { errorFacts } from '../../util/errors.ts';
import { cursorOf } from '../../util/search-params.ts';

/** The answer to a list's question, as useQuery gives it. */
export interface ShownPage {
  data: { data: readonly unknown[]; pagination?: Pagination | undefined } | undefined;
  error: Error | null;
  isPlaceholderData: boolean;
}

/**
 * Leaves a page that the address still names and the list no longer has: for the page before it where its
 * rows are gone, and for the first one where the cursor is of other filters or another release.
 * @param cursor what the address says; empty on the first page
 * @param go takes its place in the history
 */
export function useKnownPage(
  { data, error, isPlaceholderData }: ShownPage,
  cursor: string,
  go: (cursor: string) => void,
): void {
  const isRefused = error !== null && errorFacts(error).field === 'cursor';
  const isGone = !isPlaceholderData && data?.data.length === 0;
  const before = isRefused ? '' : (cursorOf(data?.pagination?.prev) ?? '');
  const leave = useEffectEvent(() => go(before));
  const isLost = cursor !== '' && (isRefused || isGone);
  useEffect(() => {
    if (isLost) leave();
  }, [isLost, cursor]);
}

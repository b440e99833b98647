import type { BurnDownTrend } from '#contract/farms/burn-down.ts';

import { formatQuantity } from '../../util/format.ts';

/** `about 4 servers a day`, or `about 1 server in 3 days` where that is slower. */
function rateWords(perDay: number): string {
  if (perDay >= 1) return `about ${formatQuantity(Math.round(perDay), 'server')} a day`;
  return `about 1 server in ${formatQuantity(Math.max(2, Math.round(1 / perDay)), 'day')}`;
}

/** The day of a moment as people write it: `12 Dec 2026`. */
export function dayWords(at: string): string {
  return new Date(at).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

/** How a burn-down goes on, in a sentence. */
export function trendWords({ is, perDay, zeroAt }: BurnDownTrend): string {
  switch (is) {
    case 'zero':
      return 'None is left.';
    case 'still':
      return 'Nothing has moved in the last 14 days: no day in sight.';
    case 'rising':
      return 'It does not fall: no day in sight.';
    case 'falling':
      return zeroAt === null
        ? `Leaves ${rateWords(perDay ?? 0)}: no day in sight.`
        : `Leaves ${rateWords(perDay ?? 0)}; at this rate the last on ${dayWords(zeroAt)}.`;
    default:
      return 'Not counted for long enough to tell a rate.';
  }
}

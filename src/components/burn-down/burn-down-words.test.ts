import { expect, test } from 'vitest';
import type { BurnDownTrend } from '#contract/farms/burn-down.ts';

import { trendWords } from './burn-down-words.ts';

const falling = (perDay: number, zeroAt: string | null): BurnDownTrend => ({
  is: 'falling',
  perDay,
  zeroAt,
});

test.each([
  [
    falling(4.2, '2026-12-12T12:00:00Z'),
    'Leaves about 4 servers a day; at this rate the last on 12 Dec 2026.',
  ],
  [
    falling(1, '2026-12-12T12:00:00Z'),
    'Leaves about 1 server a day; at this rate the last on 12 Dec 2026.',
  ],
  [falling(0.3, null), 'Leaves about 1 server in 3 days: no day in sight.'],
  [{ is: 'rising', perDay: null, zeroAt: null } as const, 'It does not fall: no day in sight.'],
  [{ is: 'zero', perDay: null, zeroAt: null } as const, 'None is left.'],
])('%j is told in a sentence', (trend, words) => {
  expect(trendWords(trend)).toBe(words);
});

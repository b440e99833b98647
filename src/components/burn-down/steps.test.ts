import { expect, test } from 'vitest';

import { scaleTop, shareOf, stepPath } from './steps.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString();
const points = [
  { at: day(1), servers: 10 },
  { at: day(3), servers: 4 },
  { at: day(5), servers: 0 },
];

test.each([
  [0, 1],
  [1, 1],
  [3, 5],
  [10, 10],
  [11, 20],
  [480, 500],
  [501, 1000],
])('a scale for %i goes up to %i', (most, top) => {
  expect(scaleTop(most)).toBe(top);
});

test('moments lie as far apart as the time between them', () => {
  expect(points.map(({ at }) => shareOf(points, at))).toEqual([0, 0.5, 1]);
  expect(shareOf(points.slice(0, 1), day(1))).toBe(1);
});

test('a count holds until the next was counted', () => {
  const counts = points.map(({ servers }) => servers);
  expect(stepPath(points, counts, 10)).toBe('M0 0H500V60H1000V100');
  expect(stepPath(points.slice(0, 1), [5], 10)).toBe('M0 50H1000');
});

import type { BurnDownPoint } from '#contract/farms/burn-down-points.ts';

/** How high and how wide the drawing is, in its own units; it is stretched to its place. */
export const drawing = { width: 1000, height: 100 };

/** The highest mark of a scale that holds a count: 1, 2 or 5 times a power of ten. */
export function scaleTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? 1;
}

/** Where a moment lies between the first point and the last, from 0 to 1. */
export function shareOf(points: readonly BurnDownPoint[], at: string): number {
  const [first, last] = [points[0]?.at ?? at, points.at(-1)?.at ?? at].map((time) =>
    Date.parse(time),
  ) as [number, number];
  return last === first ? 1 : (Date.parse(at) - first) / (last - first);
}

/** A count holds until the next was counted: a path of steps, for counts at the moments of `points`. */
export function stepPath(
  points: readonly BurnDownPoint[],
  counts: readonly number[],
  top: number,
): string {
  const y = (count: number) => round(drawing.height * (1 - count / top));
  const [first = 0] = counts;
  const steps = points
    .slice(1)
    .map(({ at }, n) => `H${round(shareOf(points, at) * drawing.width)}V${y(counts[n + 1] ?? 0)}`);
  return `M0 ${y(first)}${steps.join('')}${points.length === 1 ? `H${drawing.width}` : ''}`;
}

const round = (value: number) => Math.round(value * 10) / 10;

import type { BurnDownPoint } from '#contract/farms/burn-down-points.ts';
import type { BurnDownTrend } from '#contract/farms/burn-down.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How far back the rate looks, in days. */
const rateDays = 14;
/** What is further away is not in sight. */
const sightDays = 730;

/**
 * How a burn-down goes on (docs/domain.md, "Burn-down"): the rate is that of the last 14 days, from when there were
 * the most in them, and at that rate the last server leaves.
 * @param points oldest first; the last is the moment from which one looks
 */
export function planBurnDown(points: readonly BurnDownPoint[]): BurnDownTrend {
  const last = points.at(-1);
  if (last === undefined) return trend('tooFew');
  if (last.servers === 0) return trend('zero');
  const now = Date.parse(last.at);
  const from = Math.max(now - rateDays * dayMs, Date.parse(points[0]?.at ?? last.at));
  if (now - from < hourMs) return trend('tooFew');
  const recent = [
    { at: from, servers: countAt(points, from) },
    ...points
      .map(({ at, servers }) => ({ at: Date.parse(at), servers }))
      .filter(({ at }) => at > from),
  ];
  const peak = recent.reduce((most, point) => (point.servers >= most.servers ? point : most));
  if (peak.servers === last.servers)
    return trend(recent.every(({ servers }) => servers === last.servers) ? 'still' : 'rising');
  const days = Math.max(now - peak.at, hourMs) / dayMs;
  const perDay = (peak.servers - last.servers) / days;
  const daysLeft = last.servers / perDay;
  return {
    is: 'falling',
    perDay: Math.round(perDay * 100) / 100,
    zeroAt: daysLeft > sightDays ? null : new Date(now + daysLeft * dayMs).toISOString(),
  };
}

function trend(is: BurnDownTrend['is']): BurnDownTrend {
  return { is, perDay: null, zeroAt: null };
}

/** The count that held at a moment: that of the last point until then. */
function countAt(points: readonly BurnDownPoint[], at: number): number {
  return points.findLast((point) => Date.parse(point.at) <= at)?.servers ?? 0;
}

/** A change of what a line counts, by the end of a part of the time. */
export interface BurnDownChange {
  /** Parts are numbered as they follow each other. */
  part: number;
  /** The last moment that was counted in it. */
  at: Date;
  line: string | null;
  change: number;
}

/**
 * The counts of lines at the end of each part: from what each had in the end, back by what changed.
 * @param changes in any order
 * @param after the counts of the lines after the last part
 * @returns the moments, and for each line its counts at them
 */
export function countBack(
  changes: readonly BurnDownChange[],
  after: ReadonlyMap<string | null, number>,
): { at: Date[]; lines: Map<string | null, number[]>; before: Map<string | null, number> } {
  const parts = [...new Set(changes.map(({ part }) => part))].sort((a, b) => a - b);
  const index = new Map(parts.map((part, n) => [part, n]));
  const moments = new Map<number, Date>();
  const names = new Set([...after.keys(), ...changes.map(({ line }) => line)]);
  const lines = new Map([...names].map((line) => [line, parts.map(() => 0)]));
  for (const { part, at, line, change } of changes) {
    const known = moments.get(part);
    if (known === undefined || at > known) moments.set(part, at);
    const counts = lines.get(line);
    const n = index.get(part);
    if (counts && n !== undefined) counts[n] = (counts[n] ?? 0) + change;
  }
  const before = new Map<string | null, number>();
  for (const [line, counts] of lines) {
    let count = after.get(line) ?? 0;
    for (let n = counts.length - 1; n >= 0; n--) {
      const change = counts[n] ?? 0;
      counts[n] = count;
      count -= change;
    }
    before.set(line, count);
  }
  return { at: parts.map((part) => moments.get(part) ?? new Date(0)), lines, before };
}

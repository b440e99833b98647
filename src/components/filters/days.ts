import type { Choice } from '../options/choice.ts';

/** The moment at which a day of an address begins, in the reader's own zone. */
export function startOf(text: string | undefined, daysLater = 0): string | undefined {
  if (text === undefined) return undefined;
  const date = new Date(`${text}T00:00:00`);
  if (Number.isNaN(date.getTime())) return undefined;
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}

/** A day as addresses have it: `2026-11-27`. */
function dayText(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const spans = [
  [0, 'Today'],
  [7, 'Last 7 days'],
  [30, 'Last 30 days'],
  [90, 'Last 90 days'],
] as const;

/** Days by how long ago they are, and the one that an address names. */
export function dayOptions(now: Date, chosen: string): Choice[] {
  const options = spans.map(([days, label]) => {
    const date = new Date(now);
    date.setDate(date.getDate() - days);
    return { value: dayText(date), label };
  });
  const isKnown = chosen === '' || options.some(({ value }) => value === chosen);
  return isKnown ? options : [...options, { value: chosen, label: chosen }];
}

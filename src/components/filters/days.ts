import { patternParam } from '../../util/search-params.ts';
import type { Choice } from '../options/choice.ts';

import type { Filter } from './filter.ts';

const day = /^\d{4}-\d\d-\d\d$/;

/** From which day to which, as an address holds it. */
export const dayParams = { since: patternParam(day), until: patternParam(day) };
interface Days {
  since: string | undefined;
  until: string | undefined;
}

/** The same as moments, as the server is asked. */
export function daysOf({ since, until }: Days) {
  return { from: startOf(since), to: startOf(until, 1) };
}

/** The filters by day; the last day only where an address names one. */
export function dayFilters(
  now: Date,
  { since, until }: Days,
  filter: (id: 'since' | 'until', label: string, options: Filter['options']) => Filter,
): Filter[] {
  const last = until === undefined ? [] : [{ value: until, label: until }];
  return [
    filter('since', 'Since', dayOptions(now, since ?? '')),
    ...last.map((option) => filter('until', 'Until', [option])),
  ];
}

/** Those who are on the page already; whoever else is asked for has to be in the address. */
export function peopleOptions(
  rows: readonly { email: string; name: string | null }[],
  chosen: string,
): Choice[] {
  const people = new Map(rows.map(({ email, name }) => [email, name ?? email]));
  if (chosen !== '' && !people.has(chosen)) people.set(chosen, chosen);
  return [...people].map(([value, label]) => ({ value, label }));
}

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

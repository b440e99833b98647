// The first use of Intl in a tab reads its tables, a tenth of a second on a slow device: what the first
// page shows is formatted without it.

/** `1,234`, or `1,000+` where the server stopped counting. */
export function formatCount(count: number, capped = false): string {
  const grouped = String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return capped ? `${grouped}+` : grouped;
}

/** `roles` of `role`, `policies` of `policy`. */
export function pluralOf(singular: string): string {
  return `${singular.replace(/([^aeo])y$/, '$1ie')}s`;
}

/** `1 role`, `12 roles`, `1,000+ images`; the plural is the usual one unless given. */
export function formatQuantity(
  count: number,
  singular: string,
  options: { plural?: string; capped?: boolean } = {},
): string {
  const { plural = pluralOf(singular), capped = false } = options;
  const word = count === 1 && !capped ? singular : plural;
  return `${formatCount(count, capped)} ${word}`;
}

/** A size in GB as `8 GB` or `2.5 TB` (1 TB = 1,000 GB, as the clouds count). */
export function formatGb(sizeGb: number): string {
  return sizeGb >= 1000 ? `${oneDecimal(sizeGb / 1000)} TB` : `${oneDecimal(sizeGb)} GB`;
}

function oneDecimal(number: number): string {
  return String(Math.round(number * 10) / 10);
}

const steps = [
  { limit: 60 * 60, unit: 'minute', short: 'min', seconds: 60 },
  { limit: 24 * 60 * 60, unit: 'hour', short: 'h', seconds: 60 * 60 },
  { limit: 30 * 24 * 60 * 60, unit: 'day', short: 'd', seconds: 24 * 60 * 60 },
  { limit: 365 * 24 * 60 * 60, unit: 'month', short: 'mo', seconds: 30.44 * 24 * 60 * 60 },
  { limit: Infinity, unit: 'year', short: 'y', seconds: 365.25 * 24 * 60 * 60 },
] as const;

let relative: Intl.RelativeTimeFormat | undefined;

/**
 * `just now`, `5 minutes ago`, `yesterday`, `3 months ago`, and the same for the future. Short, for
 * tables with many columns: `now`, `5min ago`, `1d ago`, `3mo ago`.
 */
export function formatRelativeTime(time: Date, now: Date, isShort = false): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 45) return isShort ? 'now' : 'just now';
  const step = steps.find(({ limit }) => distance < limit) ?? steps[4];
  const value = roundAwayFromZero(seconds / step.seconds);
  if (isShort)
    return value < 0 ? `${-value}${step.short} ago` : `in ${formatCount(value)}${step.short}`;
  relative ??= new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  return relative.format(value, step.unit);
}

/** 50 seconds are a minute, not zero minutes; 90 days are 2 months, not 3, until they are over. */
function roundAwayFromZero(value: number): number {
  return Math.trunc(value) === 0 ? Math.sign(value) : Math.trunc(value);
}

const exactByZone = new Map<string | undefined, Intl.DateTimeFormat>();

/** Making one takes longer than rendering a row. */
function exactFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  const known = exactByZone.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'shortOffset',
    timeZone,
  });
  exactByZone.set(timeZone, format);
  return format;
}

/** `22 Nov 2026, 18:05:09 UTC+1`: exact, with the zone, in the reader's own zone unless given. */
export function formatExactTime(time: Date, timeZone?: string): string {
  const text = exactFormat(timeZone).format(time);
  return text.replace('GMT', 'UTC').replace('UTC+0', 'UTC');
}

/** `images` as it starts a sentence or a title. */
export function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

import { createHash } from 'node:crypto';

/** Hex digits that depend on the key alone: the same estate has the same ids wherever it is loaded. */
export function stableHex(key: string, length: number): string {
  return createHash('sha256').update(`slipway estate ${key}`).digest('hex').slice(0, length);
}

/** A well-formed random-style UUID that depends on the key alone. */
export function stableUuid(key: string): string {
  const hex = stableHex(key, 32);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20),
  ].join('-');
}

/** A number in [from, to) that depends on the key alone. */
export function stableNumber(key: string, from: number, to: number): number {
  return from + (Number.parseInt(stableHex(key, 12), 16) / 16 ** 12) * (to - from);
}

/** The same for a whole number in [from, to). */
export function stableInteger(key: string, from: number, to: number): number {
  return Math.floor(stableNumber(key, from, to));
}

const dayMs = 86_400_000;

/** Turns "days ago" into a time. */
export function createClock(now: Date): (daysAgo: number) => Date {
  return (daysAgo) => new Date(now.getTime() - Math.round(daysAgo * dayMs));
}

/** Days from a time to a later one. */
export function daysBetween(earlier: Date, later: Date): number {
  return (later.getTime() - earlier.getTime()) / dayMs;
}

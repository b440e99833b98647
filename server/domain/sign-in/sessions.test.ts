import { describe, expect, it } from 'vitest';
import { defaultLimits, isFresh } from './sessions.ts';

const confirmedAt = new Date('2026-11-27T10:00:00.000Z');
const after = (ms: number) => new Date(confirmedAt.getTime() + ms);
const minute = 60_000;

describe('a sign-in', () => {
  it('is fresh for 10 minutes by default, to the millisecond', () => {
    expect(isFresh(confirmedAt, after(10 * minute - 1), defaultLimits)).toBe(true);
    expect(isFresh(confirmedAt, after(10 * minute), defaultLimits)).toBe(false);
  });

  it('is fresh for as long as is set, and for ever with 0', () => {
    expect(isFresh(confirmedAt, after(minute - 1), { confirmMinutes: 1 })).toBe(true);
    expect(isFresh(confirmedAt, after(minute), { confirmMinutes: 1 })).toBe(false);
    expect(isFresh(confirmedAt, after(1_000 * minute), { confirmMinutes: 0 })).toBe(true);
  });

  it('is not asked of whoever has no session', () => {
    expect(isFresh(undefined, after(1_000 * minute), defaultLimits)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';

import {
  formatCount,
  formatExactTime,
  formatGb,
  formatQuantity,
  formatRelativeTime,
} from './format.ts';

describe('counts', () => {
  it('group thousands and say when counting stopped', () => {
    expect(formatCount(1234)).toBe('1,234');
    expect(formatCount(1000, true)).toBe('1,000+');
  });

  it('agree with their noun', () => {
    expect(formatQuantity(0, 'role')).toBe('0 roles');
    expect(formatQuantity(1, 'role')).toBe('1 role');
    expect(formatQuantity(2, 'entry', { plural: 'entries' })).toBe('2 entries');
    expect(formatQuantity(1, 'image', { capped: true })).toBe('1+ images');
  });
});

describe('formatGb', () => {
  it.each([
    [8, '8 GB'],
    [0.5, '0.5 GB'],
    [2500, '2.5 TB'],
  ])('%d is %s', (size, text) => {
    expect(formatGb(size)).toBe(text);
  });
});

describe('formatRelativeTime', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  it.each([
    ['2026-11-22T11:59:30Z', 'just now'],
    ['2026-11-22T11:59:10Z', '1 minute ago'],
    ['2026-11-22T11:00:30Z', '59 minutes ago'],
    ['2026-11-22T09:00:00Z', '3 hours ago'],
    ['2026-11-21T11:00:00Z', 'yesterday'],
    ['2026-11-01T12:00:00Z', '21 days ago'],
    ['2026-08-01T12:00:00Z', '3 months ago'],
    ['2024-11-01T12:00:00Z', '2 years ago'],
    ['2026-11-22T12:15:00Z', 'in 15 minutes'],
  ])('%s is %s', (time, text) => {
    expect(formatRelativeTime(new Date(time), now)).toBe(text);
  });
});

describe('formatRelativeTime, short', () => {
  it.each([
    ['2026-11-22T17:59:50Z', 'now'],
    ['2026-11-22T17:48:00Z', '12min ago'],
    ['2026-11-21T12:00:00Z', '1d ago'],
    ['2026-08-01T12:00:00Z', '3mo ago'],
  ])('of %s is %s', (time, words) => {
    expect(formatRelativeTime(new Date(time), new Date('2026-11-22T18:00:00Z'), true)).toBe(words);
  });
});

describe('formatExactTime', () => {
  it('names the zone', () => {
    expect(formatExactTime(new Date('2026-11-22T17:05:09Z'), 'Europe/Berlin')).toBe(
      '22 Nov 2026, 18:05:09 UTC+1',
    );
    expect(formatExactTime(new Date('2026-11-22T17:05:09Z'), 'UTC')).toBe(
      '22 Nov 2026, 17:05:09 UTC',
    );
  });
});

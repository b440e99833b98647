import { describe, expect, it } from 'vitest';

import { fromLocalInput, momentParam, toLocalInput, yesterday } from './moments.ts';

describe('a moment in an address', () => {
  it('is one, or it is none', () => {
    const { read } = momentParam();
    expect(read('2026-11-27T10:00:00.000Z')).toBe('2026-11-27T10:00:00.000Z');
    for (const wrong of ['', 'yesterday', '2026-11-27', '2026-11-27T10:00', undefined])
      expect(read(wrong)).toBeUndefined();
  });

  it('goes through a field for date and time unchanged, to the second', () => {
    const moment = '2026-07-01T23:59:58.000Z';
    expect(fromLocalInput(toLocalInput(moment))).toBe(moment);
    expect(fromLocalInput('')).toBeUndefined();
    expect(toLocalInput('nonsense')).toBe('');
  });

  it('begins a day ago', () => {
    expect(Date.now() - new Date(yesterday()).getTime()).toBeGreaterThanOrEqual(86_400_000);
  });
});

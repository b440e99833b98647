import { describe, expect, it } from 'vitest';

import { groupOf, isChoosable, whyNot } from './candidate.ts';

const other = {
  valid: false,
  code: 'ConfigurationMismatch',
  reason: 'It is for aarch64, the role for x86_64.',
  architecture: 'aarch64' as const,
};

describe('an image of another architecture', () => {
  it('may be chosen where an option allows it', () => {
    expect(isChoosable(other, { inOneRole: false })).toBe(true);
    expect(whyNot(other, { architecture: 'x86_64' }, { inOneRole: false })).toContain('allow that');
  });

  it('may not be chosen for one role, which has no such option, and says why', () => {
    expect(isChoosable(other, { inOneRole: true })).toBe(false);
    expect(whyNot(other, { architecture: 'x86_64' }, { inOneRole: true })).toBe(other.reason);
  });
});

it('is grouped by whether it is another version of the same, and whether it fits', () => {
  expect(groupOf({ valid: true, sameLine: true })).toBe('sameLine');
  expect(groupOf({ valid: true, sameLine: false })).toBe('otherLine');
  expect(groupOf({ valid: false, sameLine: true })).toBe('unfit');
});

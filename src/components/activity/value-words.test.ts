import { describe, expect, it } from 'vitest';

import { differenceLines, memberLabel } from './value-words.ts';

describe('a difference is read in words', () => {
  it.each([
    ['cloudImageId', 'Cloud image id'],
    ['launchOrder', 'Launch order'],
    ['os', 'OS'],
  ])('%s is called %s', (member, label) => expect(memberLabel(member)).toBe(label));

  it('values and links by name, nothing as none', () => {
    expect(
      differenceLines({ member: 'owner', before: { id: 5 }, after: { id: 6, name: 'Ann' } }),
    ).toEqual([{ label: 'Owner', before: '5', after: 'Ann' }]);
    expect(differenceLines({ member: 'scope', before: 'scalr', after: 'account' })).toEqual([
      { label: 'Scope', before: 'Corporate', after: 'Account' },
    ]);
    expect(differenceLines({ member: 'description', before: '', after: 'x' })).toEqual([
      { label: 'Description', before: 'none', after: 'x' },
    ]);
  });

  it('lists by what came and what went', () => {
    expect(differenceLines({ member: 'reach', before: ['a', 'b'], after: ['b', 'c'] })).toEqual([
      { label: 'Reach: added', after: 'c' },
      { label: 'Reach: removed', before: 'a' },
    ]);
  });

  it('objects by the members that differ', () => {
    const [before, after] = [
      { minInstances: 1, maxInstances: 2 },
      { minInstances: 1, maxInstances: 4 },
    ];
    expect(differenceLines({ member: 'scaling', before, after })).toEqual([
      { label: 'Scaling: max instances', before: '2', after: '4' },
    ]);
  });
});

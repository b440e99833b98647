import { describe, expect, it } from 'vitest';
import type { Blocker } from '#contract/errors.ts';

import { blockerWords, groupBlockers } from './blockers.ts';

const server = (id: string, farmName: string): Blocker => ({
  type: 'server',
  id,
  name: 'web-1',
  farmId: 1,
  farmName,
});

describe('blockerWords', () => {
  it('tells servers that are called alike apart by their farms', () => {
    expect(blockerWords(server('a', 'store'))).toBe('server web-1 in farm store');
    expect(blockerWords(server('b', 'blog'))).toBe('server web-1 in farm blog');
  });

  it.each<[Blocker, string]>([
    [{ type: 'hidden', count: 1 }, '1 object that you may not see'],
    [{ type: 'roleCategory', count: 2 }, '2 role categories'],
    [{ type: 'image', id: 'x', name: 'a', reason: 'is taken' }, 'image a: is taken'],
  ])('%j is %s', (blocker, words) => {
    expect(blockerWords(blocker)).toBe(words);
  });
});

describe('groupBlockers', () => {
  it('puts each kind together, and counts those that have no name along', () => {
    const groups = groupBlockers([
      server('a', 'store'),
      { type: 'role', id: 4, name: 'web' },
      server('b', 'blog'),
      { type: 'server', count: 40 },
      { type: 'hidden', count: 3 },
    ]);
    expect(groups.map(({ title, named }) => [title, named.map(({ id }) => id)])).toEqual([
      ['42 servers', ['a', 'b']],
      ['1 role', [4]],
      ['3 objects that you may not see', []],
    ]);
  });
});

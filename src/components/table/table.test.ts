import { describe, expect, it } from 'vitest';

import { nextSort, sortDirection, toggled } from './table.ts';

const name = { sortKey: 'name' };
const added = { sortKey: 'added', sortsDescendingFirst: true };

describe('sorting by a header', () => {
  it('starts in the direction that helps and then turns round', () => {
    expect(nextSort(name, undefined)).toBe('name');
    expect(nextSort(name, 'name')).toBe('-name');
    expect(nextSort(name, '-name')).toBe('name');
    expect(nextSort(added, 'name')).toBe('-added');
    expect(nextSort(added, '-added')).toBe('added');
  });

  it('leaves columns alone that the server cannot sort by', () => {
    expect(nextSort({}, 'name')).toBeUndefined();
    expect(sortDirection({}, 'name')).toBeUndefined();
  });

  it('tells a column from one whose name it starts with', () => {
    expect(sortDirection({ sortKey: 'os' }, 'osName')).toBeUndefined();
    expect(sortDirection(added, '-added')).toBe('descending');
  });
});

describe('toggled', () => {
  it('never changes the set that it was given', () => {
    const before: ReadonlySet<string> = new Set(['a']);
    expect([...toggled(before, 'b')]).toEqual(['a', 'b']);
    expect([...toggled(before, 'a')]).toEqual([]);
    expect([...before]).toEqual(['a']);
  });
});

import { describe, expect, it } from 'vitest';

import { layOut, widen } from './fit-columns.ts';

const name = { id: 'name', header: 'Name', isName: true, cell: () => '' };
const scope = { id: 'scope', width: '8rem' };
const os = { id: 'os', width: '8rem' };
const all = [name, scope, os];

describe('every column that is chosen is shown', () => {
  it('side by side where they fit, boxes and menus counted', () => {
    expect(layOut(all, 28, 0)).toEqual({ kind: 'columns', minRem: 28, scrolls: false });
    expect(layOut(all, 32, 4.5)).toMatchObject({ kind: 'columns', scrolls: true });
  });

  it('scrolled sideways where a little is missing, and as cards where much is', () => {
    const wide = [...all, { id: 'places', width: '14rem' }];
    expect(layOut(wide, 28, 0)).toEqual({ kind: 'columns', minRem: 42, scrolls: true });
    expect(layOut(wide, 27.5, 0)).toEqual({ kind: 'cards' });
  });

  it('as cards on small screens, however short the table', () => {
    expect(layOut([name], 26, 0)).toEqual({ kind: 'cards' });
  });
});

describe('a column that says its texts', () => {
  const column = { ...name, header: 'Owner', text: (row: string) => row };
  // Ten pixels a character, whatever the size.
  const widthFor = (rows: string[]) => widen([column], rows, (text) => text.length * 10)[0]?.width;

  it('has the width of the longest, or of its header', () => {
    expect(widthFor(['short', 'rather long'])).toBe(`${(110 + 12) / 16}rem`);
    expect(widthFor(['x'])).toBe(`${(50 + 12) / 16}rem`);
  });

  it('takes no more than a quarter of a screen for a text without end', () => {
    expect(widthFor(['x'.repeat(255)])).toBe('16rem');
  });

  it('keeps its usual width while there are no rows', () => {
    expect(widthFor([])).toBeUndefined();
  });
});

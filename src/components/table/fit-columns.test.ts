import { describe, expect, it } from 'vitest';

import { fitColumns } from './fit-columns.ts';

const name = { id: 'name', isName: true };
const scope = { id: 'scope', width: '8rem' };
const os = { id: 'os', width: '8rem', hideBelow: 'lg' } as const;
const cloudId = { id: 'cloudId', width: '9.5rem', hideBelow: 'lg' } as const;
const added = { id: 'added', width: '6rem', hideBelow: 'md' } as const;
const all = [name, scope, os, cloudId, added];

function shown(widthRem: number, otherRem = 0) {
  return fitColumns(all, widthRem, otherRem)?.map((column) => column.id);
}

describe('fitColumns', () => {
  it('shows everything that fits', () => {
    expect(shown(43.5)).toEqual(['name', 'scope', 'os', 'cloudId', 'added']);
  });

  it('lets columns go one by one: lg before md, the last first', () => {
    expect(shown(43)).toEqual(['name', 'scope', 'os', 'added']);
    expect(shown(33)).toEqual(['name', 'scope', 'added']);
  });

  it('counts what boxes and menus take', () => {
    expect(shown(43.5, 4.5)).toEqual(['name', 'scope', 'os', 'added']);
  });

  it('gives up for cards where what must stay does not fit, and on small screens', () => {
    const wide = [name, scope, { id: 'places', width: '20rem' }];
    expect(fitColumns(wide, 39, 0)).toBeUndefined();
    expect(fitColumns([name], 26, 0)).toBeUndefined();
  });
});

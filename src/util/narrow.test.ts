import { describe, expect, it } from 'vitest';

import { narrow } from './narrow.ts';

const rows = [
  { name: 'fcos-44-20260621-3-1', cloudImageId: 'ami-0a1aaaaa', size: 8 },
  { name: 'Debian-13', cloudImageId: 'ami-0a2aaaaa', size: 12 },
  { name: 'debian-12', cloudImageId: 'ami-0b3bbbbb', size: 12 },
];
const members = ['name', 'cloudImageId', 'size'];
const namesFor = (text: string) => narrow(rows, members, text).map(({ name }) => name);

describe('while a search is answered, the rows on the screen', () => {
  it.each([
    ['a part of a name, in any case', 'DEBIAN', ['Debian-13', 'debian-12']],
    ['a part of an id', '0a2', ['Debian-13']],
    ['every one of several words', '  20260621,  0a1 ', ['fcos-44-20260621-3-1']],
    ['any of several ids', 'ami-0a1aaaaa ami-0b3bbbbb', ['fcos-44-20260621-3-1', 'debian-12']],
    ['letters that mean something elsewhere', 'fcos.', rows.map(({ name }) => name)],
    ['what none of them has', 'zzz', rows.map(({ name }) => name)],
    ['what is no text', '12', ['debian-12']],
    ['nothing', ' ', rows.map(({ name }) => name)],
  ])('are those with %s', (_what, text, names) => {
    expect(namesFor(text)).toEqual(names);
  });
});

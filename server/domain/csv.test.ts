import { expect, test } from 'vitest';
import { safeCell } from './csv.ts';

const quoted: [name: string, cell: string][] = [
  ['a formula', '=1+1'],
  ['a formula that starts a program', "=cmd|' /C calc'!A0"],
  ['a plus', '+1+1'],
  ['a minus', '-2+3'],
  ['a function by its old sign', '@SUM(A1:A9)'],
  ['a tab in front', '\t=1+1'],
  ['a tab alone', '\ttext'],
  ['a carriage return in front', '\r=1+1'],
  ['a carriage return alone', '\rtext'],
  ['a line feed alone', '\ntext'],
  ['spaces in front', '   =1+1'],
  ['a no-break space in front', '\u00a0=1+1'],
  ['an ideographic space in front', '\u3000=1+1'],
  ['a byte order mark in front', '\ufeff=1+1'],
  ['a zero-width space in front', '\u200b=1+1'],
  ['a NUL in front', '\u0000=1+1'],
  ['a mark of direction in front', '\u202e=1+1'],
  ['full-width equals', '\uff1d1+1'],
  ['full-width plus', '\uff0b1'],
  ['full-width minus', '\uff0d1'],
  ['full-width at', '\uff20SUM(A1)'],
  ['small equals', '\ufe661+1'],
  ['small at', '\ufe6bSUM(A1)'],
  ['superscript plus', '\u207a1'],
  ['the mathematical minus', '\u22121'],
  ['a sign alone', '-'],
  ['a negative number as text', '-5'],
];

test.each(quoted)('%s is shown as text', (_name, cell) => {
  expect(safeCell(cell)).toBe(`'${cell}`);
});

const kept: [name: string, cell: string | number | null][] = [
  ['plain text', 'web-farm'],
  ['a sign inside', 'a=b'],
  ['a dash inside', 'fcos-44-20260720'],
  ['an e-mail address', 'ann@example.com'],
  ['a time', '2026-07-20T10:00:00.000Z'],
  ['text of another script', '\u6771\u4eac'],
  ['a pair of surrogates', '\ud83d\ude80 farm'],
  ['nothing', ''],
  ['only spaces', '   '],
  ['a number', 12],
  ['a negative number', -12],
  ['zero', 0],
  ['no value', null],
];

test.each(kept)('%s stays as it is', (_name, cell) => {
  expect(safeCell(cell)).toBe(cell);
});

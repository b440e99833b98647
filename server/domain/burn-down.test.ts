import { describe, expect, test } from 'vitest';
import { countBack, planBurnDown } from './burn-down.ts';

const now = Date.parse('2026-11-27T12:00:00Z');
const dayMs = 86_400_000;

/** Points by how many days ago they were counted, the last now. */
const points = (...counts: [daysAgo: number, servers: number][]) =>
  counts.map(([daysAgo, servers]) => ({
    at: new Date(now - daysAgo * dayMs).toISOString(),
    servers,
  }));
const inDays = (days: number) => new Date(now + days * dayMs).toISOString();
const unknown = { perDay: null, zeroAt: null };

describe('how a burn-down goes on', () => {
  test.each([
    ['nothing was ever counted', points(), { is: 'tooFew', ...unknown }],
    ['it was counted once', points([0, 5]), { is: 'tooFew', ...unknown }],
    [
      'it was counted for less than an hour',
      points([0.02, 9], [0, 5]),
      { is: 'tooFew', ...unknown },
    ],
    ['nothing moves', points([20, 5], [0, 5]), { is: 'still', ...unknown }],
    ['what moved did so long ago', points([40, 90], [20, 5], [0, 5]), { is: 'still', ...unknown }],
    ['it rises', points([10, 5], [3, 8], [0, 8]), { is: 'rising', ...unknown }],
    ['it fell and rose again', points([10, 8], [5, 2], [0, 8]), { is: 'rising', ...unknown }],
    ['it has reached zero', points([10, 8], [1, 0], [0, 0]), { is: 'zero', ...unknown }],
    [
      'it falls',
      points([10, 30], [5, 20], [0, 10]),
      { is: 'falling', perDay: 2, zeroAt: inDays(5) },
    ],
    [
      'it falls from where a replacement lifted it',
      points([12, 4], [8, 44], [0, 4]),
      { is: 'falling', perDay: 5, zeroAt: inDays(0.8) },
    ],
    [
      'the rate is that of the last two weeks',
      points([60, 1000], [28, 48], [14, 34], [0, 20]),
      { is: 'falling', perDay: 1, zeroAt: inDays(20) },
    ],
    [
      'what began between two points counts from the point before',
      points([28, 34], [7, 30], [0, 20]),
      { is: 'falling', perDay: 1, zeroAt: inDays(20) },
    ],
    [
      'at this rate the last would leave in more than two years',
      points([14, 1001], [0, 1000]),
      { is: 'falling', perDay: 0.07, zeroAt: null },
    ],
  ])('%s', (_, counted, expected) => {
    expect(planBurnDown(counted)).toEqual(expected);
  });
});

test('counts are told back from what is there in the end, line by line', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 0, day));
  const changes = [
    { part: 3, at: at(3), line: 'a', change: 4 },
    { part: 7, at: at(7), line: 'a', change: -3 },
    { part: 7, at: at(6), line: 'b', change: 2 },
    { part: 9, at: at(9), line: 'b', change: -1 },
  ];
  const after = new Map([
    ['a', 2],
    ['b', 1],
    ['c', 7],
  ]);
  const told = countBack(changes, after);
  expect(told.at).toEqual([at(3), at(7), at(9)]);
  expect(Object.fromEntries(told.lines)).toEqual({ a: [5, 2, 2], b: [0, 2, 1], c: [7, 7, 7] });
  expect(Object.fromEntries(told.before)).toEqual({ a: 1, b: 0, c: 7 });
});

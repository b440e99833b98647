import { describe, expect, test } from 'vitest';
import { judgeRoom, type Room } from './room.ts';

const MB = 1_000_000;
const limits = { warnBelowMb: 1000, refuseBelowMb: 128 };

describe('the room on a disk', () => {
  test.each<[Room, number, Room]>([
    ['enough', 1000, 'enough'],
    ['enough', 999, 'scarce'],
    ['scarce', 128, 'scarce'],
    ['scarce', 127, 'none'],
    ['enough', 0, 'none'],
    // A quarter more than changes need, so that nothing flickers.
    ['none', 159, 'none'],
    ['none', 160, 'scarce'],
    ['none', 1000, 'enough'],
  ])('after %s, %d MB are %s', (before, freeMb, room) => {
    expect(judgeRoom(before, freeMb * MB, limits)).toBe(room);
  });

  test('a limit of 0 is none', () => {
    expect(judgeRoom('enough', 0, { warnBelowMb: 0, refuseBelowMb: 0 })).toBe('enough');
    expect(judgeRoom('enough', 0, { warnBelowMb: 10, refuseBelowMb: 0 })).toBe('scarce');
  });
});

import { expect, test } from 'vitest';
import { lineOf } from '../domain/images/lines.ts';
import { randomName } from './harness.ts';

test('images of random names are no versions of each other', () => {
  for (let nth = 0; nth < 2_000; nth++) {
    const name = randomName('image');
    expect(lineOf(name)).toBe(name);
  }
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutants } from './list/all.ts';
import { findAnchorProblem, type Mutant, withDefect } from './mutant.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-mutant-'));
  writeFileSync(join(folder, 'sum.ts'), 'const $1 = one + two;\n');
  writeFileSync(join(folder, 'sum.test.ts'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const mutant: Mutant = {
  defect: 'sums are differences',
  file: 'sum.ts',
  find: ' + ',
  replace: ' - ',
  test: 'sum.test.ts',
  name: 'a sum',
};

describe('a defect', () => {
  test('is made where its text stands once, to the letter', () => {
    expect(findAnchorProblem(folder, mutant)).toBeUndefined();
    expect(withDefect('one + two', mutant)).toBe('one - two');
    expect(withDefect('one + two', { ...mutant, replace: '$&' })).toBe('one$&two');
  });

  test.each([
    ['stands nowhere', { find: 'three' }, 'stands 0 times in sum.ts'],
    ['stands twice', { find: 'o' }, 'times in sum.ts, not once'],
    ['was in a file that has moved', { file: 'total.ts' }, 'total.ts is not there any more'],
    ['had a test that has moved', { test: 'total.test.ts' }, 'total.test.ts is not there any more'],
  ])('whose text %s says what to do', (_, change, problem) => {
    expect(findAnchorProblem(folder, { ...mutant, ...change })).toContain(problem);
  });
});

test('each defect of the list is another one', () => {
  expect(new Set(mutants.map(({ defect }) => defect)).size).toBe(mutants.length);
  expect(mutants.filter(({ find, replace }) => find === replace)).toEqual([]);
});

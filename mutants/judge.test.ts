import { describe, expect, test } from 'vitest';
import { judge, judgeBaseline, type TestResult, type TestRun } from './judge.ts';
import type { Mutant } from './mutant.ts';

const mutant: Mutant = {
  defect: 'two and two are five',
  file: 'sum.ts',
  find: '+',
  replace: '+ 1 +',
  test: 'sum.test.ts',
  name: 'a sum > is right',
};

function run(result: Partial<TestResult>, rest: Partial<TestRun> = {}): TestRun {
  const test = { file: 'sum.test.ts', name: 'a sum > is right', errors: [] };
  return { tests: [{ ...test, status: 'failed', ...result }], broken: [], output: '', ...rest };
}
const assertion = 'AssertionError: expected 5 to be 4';

describe('a defect is noticed', () => {
  test.each([assertion, 'Error: expect(locator).toHaveText(expected) failed'])(
    'by an assertion: %s',
    (error) => {
      expect(judge(mutant, run({ errors: [error] }))).toBeUndefined();
    },
  );

  test('by one case of a table, whatever the others say', () => {
    const [failed] = run({ errors: [assertion] }).tests;
    const [passed] = run({ name: 'a sum > is right: 2', status: 'passed' }).tests;
    if (!failed || !passed) throw new Error('no results');
    expect(judge(mutant, { tests: [passed, failed], broken: [], output: '' })).toBeUndefined();
  });
});

describe('a defect is not noticed', () => {
  test('where the test passes', () => {
    expect(judge(mutant, run({ status: 'passed' }))).toContain('No test noticed it');
  });

  test.each(['TypeError: sum is not a function', 'Error: Test timed out in 60000ms.'])(
    'where the test fails by something else: %s',
    (error) => {
      expect(judge(mutant, run({ errors: [error] }))).toContain(error);
    },
  );

  test.each([
    ['another name', { name: 'a product > is right', errors: [assertion] }],
    ['another file', { file: 'product.test.ts', errors: [assertion] }],
  ])('where only a test of %s fails', (_, result) => {
    expect(judge(mutant, run(result))).toContain('called "a sum > is right"');
  });

  test('where the test was skipped', () => {
    expect(judge(mutant, run({ status: 'skipped' }))).toContain('called "a sum > is right"');
  });

  test('where the test file cannot be loaded', () => {
    const broken = [{ file: 'sum.test.ts', reason: 'SyntaxError: Unexpected token' }];
    expect(judge(mutant, { tests: [], broken, output: '' })).toContain('SyntaxError');
  });

  test('where the run left no report, and then it says what was printed', () => {
    expect(judge(mutant, { tests: [], broken: [], output: 'no such option' })).toContain(
      'no such option',
    );
  });
});

test('a test that fails without the defect, or is not there, tells nothing', () => {
  expect(judgeBaseline(mutant, run({ status: 'passed' }))).toBeUndefined();
  expect(judgeBaseline(mutant, run({ errors: [assertion] }))).toContain(assertion);
  expect(judgeBaseline(mutant, run({ name: 'renamed' }))).toContain('called "a sum > is right"');
});

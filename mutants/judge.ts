import type { Mutant } from './mutant.ts';

/** What became of one test. */
export interface TestResult {
  /** Its file, below the project, with `/`. */
  file: string;
  /** `describe > test`. */
  name: string;
  status: 'passed' | 'failed' | 'skipped';
  /** Why it failed; the first line says what kind of error it was. */
  errors: string[];
}

/** One run of tests. */
export interface TestRun {
  tests: TestResult[];
  /** Files that could not even be loaded, with the reason. */
  broken: { file: string; reason: string }[];
  /** What the runner printed, for when there is nothing else to tell. */
  output: string;
}

/**
 * Whether the test of a defect can be relied on: it is there, and passes without the defect.
 * @returns what is wrong, or undefined
 */
export function judgeBaseline(mutant: Mutant, run: TestRun): string | undefined {
  const tests = testsOf(mutant, run);
  if (tests.length === 0) return missingTest(mutant, run);
  const failed = tests.find(({ status }) => status === 'failed');
  return failed && `Its test fails without the defect, too: ${firstLine(failed.errors)}`;
}

/**
 * Whether a run with the defect noticed it by an assertion of the test that is named. A file that does
 * not load, or an error that nobody expected, notices anything and so proves nothing.
 * @returns what is wrong, or undefined
 */
export function judge(mutant: Mutant, run: TestRun): string | undefined {
  const tests = testsOf(mutant, run);
  if (tests.length === 0) return missingTest(mutant, run);
  const failed = tests.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return 'No test noticed it: the one that is named passes all the same.';
  if (failed.some(({ errors }) => errors.some(isAssertion))) return undefined;
  return `Its test failed for another reason than an assertion: ${firstLine(failed[0]?.errors ?? [])}`;
}

/** An assertion of vitest or of Playwright. */
function isAssertion(error: string): boolean {
  return /^(AssertionError|Error: expect\()/.test(error);
}

function testsOf({ test, name }: Mutant, { tests }: TestRun): TestResult[] {
  return tests.filter(
    (one) => one.file === test && one.name.includes(name) && one.status !== 'skipped',
  );
}

function missingTest({ test, name }: Mutant, { broken, output }: TestRun): string {
  const loading = broken.find(({ file }) => file === test);
  if (loading) return `${test} could not be loaded: ${loading.reason}`;
  return `No test of ${test} that ran is called "${name}". ${output.slice(-1_000)}`.trim();
}

function firstLine(errors: readonly string[]): string {
  return errors[0]?.split('\n')[0] ?? 'it does not say why';
}

import { writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { TestResult, TestRun } from './judge.ts';

/** The variable that says where the report goes. */
export const reportVariable = 'SLIPWAY_MUTANT_REPORT';

/** Writes a run down with the kind of each error, which the reports of vitest leave out. */
// oxlint-disable-next-line import/no-default-export -- where vitest looks for a reporter
export default class MutantReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const run: Omit<TestRun, 'output'> = {
      tests: modules.flatMap(testsOf),
      broken: modules.flatMap((module) =>
        module.errors().map((error) => ({ file: fileOf(module), reason: describeError(error) })),
      ),
    };
    writeFileSync(process.env[reportVariable] ?? '', JSON.stringify(run));
  }
}

function testsOf(module: TestModule): TestResult[] {
  return [...module.children.allTests()].map((test) => {
    const { state, errors = [] } = test.result();
    return {
      file: fileOf(module),
      name: test.fullName,
      status: state === 'pending' ? 'skipped' : state,
      errors: errors.map(describeError),
    };
  });
}

/**
 * As `AssertionError: expected 1 to be 2`, whatever the stack begins with. A property fails by what was thrown in its
 * last run, which is the cause of its error.
 */
export function describeError({ name, message, cause }: SerializedError): string {
  if (cause !== undefined && message.startsWith('Property failed after '))
    return describeError(cause);
  // Where it is printed as a cause, vitest writes that into its name.
  return `${name?.replace(/^Caused by: /, '')}: ${message}`;
}

function fileOf(module: TestModule): string {
  return relative(process.cwd(), module.moduleId).split(sep).join('/');
}

import { existsSync, readFileSync } from 'node:fs';

/**
 * Counts of a test run, from its JSON report. A run that left no report, or that failed although no
 * test did (an error outside of tests, no tests at all), counts as one failure.
 *
 * @returns {{ passed: number, failed: number }}
 */
export function countVitest(reportFile, exitCode) {
  return honest(exitCode, readReport(reportFile), (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
  }));
}

/** A test that passed on a second try counts as failed: it hides something. */
export function countPlaywright(reportFile, exitCode) {
  return honest(exitCode, readReport(reportFile), ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
  }));
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function honest(exitCode, report, count) {
  const counts = report === undefined ? { passed: 0, failed: 0 } : count(report);
  const nothingFailed = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
  return nothingFailed ? { ...counts, failed: 1 } : counts;
}

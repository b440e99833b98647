import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPORTS = [
  'vitest.json',
  'browser.json',
  'mutants.json',
  'clients.json',
  'clouds-ec2.json',
  'browser-ec2.json',
  'clouds-lxd.json',
  'browser-lxd.json',
  'clouds-openstack.json',
];
/** Enough of what a test says of its failure to tell which expectation it was. */
const MOST_CHARACTERS = 600;

/**
 * What failed in the last runs, steps (scripts/test.mjs) and tests, from the reports that these left in a folder.
 *
 * @returns {string[]} one paragraph for each; of a test its report, its file, its name and the first lines of what it said
 */
export function failuresIn(folder) {
  const steps = read(join(folder, 'steps.json')) ?? [];
  const tests = REPORTS.flatMap((name) => {
    const report = read(join(folder, name));
    if (report === undefined) return [];
    const failures = report.suites === undefined ? ofVitest(report) : ofPlaywright(report);
    return failures.map((failure) => `${name}: ${tell(failure)}`);
  });
  return [...steps.map((step) => `npm test: ${step}`), ...tests];
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function ofVitest(report) {
  return (report.testResults ?? []).flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    // A file that could not be loaded has failed without any test of it.
    if (failed.length === 0 && file.status === 'failed')
      return [{ file: file.name, title: 'the file itself', said: file.message }];
    return failed.map((test) => ({
      file: file.name,
      title: test.fullName,
      said: test.failureMessages.join('\n'),
    }));
  });
}

function ofPlaywright(report) {
  const errors = report.errors.map((error) => ({
    file: '',
    title: 'the run',
    said: error.message,
  }));
  return [...errors, ...report.suites.flatMap(ofSuite)];
}

function ofSuite(suite) {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.ok
      ? []
      : [{ file: spec.file, title: spec.title, said: spec.tests.flatMap(saidBy).join('\n') }],
  );
  return [...own, ...(suite.suites ?? []).flatMap(ofSuite)];
}

const saidBy = (test) =>
  test.results.flatMap((result) => result.errors.map((error) => error.message));

function tell({ file, title, said }) {
  // oxlint-disable-next-line no-control-regex -- colours are what is taken out
  const plain = (said ?? '').replaceAll(/\u001B\[[\d;]*m/gu, '').slice(0, MOST_CHARACTERS);
  return `${file}: ${title}\n${plain.replaceAll(/^/gmu, '    ')}`;
}

import { readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TestResult, TestRun } from './judge.ts';
import { runTool } from './run-program.ts';
import { reportVariable } from './vitest-reporter.ts';

/** A test file, and parts of the full names of those of its tests that are wanted. */
export interface Wanted {
  test: string;
  name: string;
}

/** Whether a test needs the built page in a browser. */
export function needsBrowser({ test }: Pick<Wanted, 'test'>): boolean {
  return test.startsWith('e2e/');
}

/**
 * Runs tests of a copy of the project, either all in a browser or none.
 * @param databaseUrl a PostgreSQL that stays, so that each run need not start its own
 */
export function runTests(
  folder: string,
  wanted: readonly Wanted[],
  databaseUrl: string,
): Promise<TestRun> {
  return wanted.some(needsBrowser)
    ? runPlaywright(folder, wanted)
    : runVitest(folder, wanted, databaseUrl);
}

async function runVitest(
  folder: string,
  wanted: readonly Wanted[],
  databaseUrl: string,
): Promise<TestRun> {
  const report = join(folder, 'vitest-run.json');
  await rm(report, { force: true });
  const output = await runTool(
    folder,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...new Set(wanted.map(({ test }) => test)),
      `--testNamePattern=${patternOf(wanted.map(({ name }) => name))}`,
      '--reporter=default',
      '--reporter=./mutants/vitest-reporter.ts',
    ],
    { DATABASE_URL: databaseUrl, [reportVariable]: report },
  );
  const { tests = [], broken = [] } = await readReport<TestRun>(report);
  return { tests, broken, output };
}

/** Runs tests in a browser, on the page and the server of a copy of the project. */
async function runPlaywright(folder: string, wanted: readonly Wanted[]): Promise<TestRun> {
  const report = join(folder, 'test-results', 'browser.json');
  await rm(report, { force: true });
  const files = new Set(wanted.map(({ test }) => test));
  const pattern = patternOf(wanted.map(({ name }) => name.replaceAll(' > ', ' ')));
  const output = await runTool(
    folder,
    ['node_modules/@playwright/test/cli.js', 'test', ...files, '--grep', pattern],
    { SLIPWAY_E2E_PORT: String(await freePort()), DATABASE_URL: '' },
  );
  const { suites = [] } = await readReport<PlaywrightReport>(report);
  return { output, broken: [], tests: suites.flatMap((suite) => testsOfSuite(suite, [])) };
}

interface PlaywrightSuite {
  file: string;
  title: string;
  suites?: PlaywrightSuite[];
  specs: {
    title: string;
    ok: boolean;
    tests: { results: { errors: { message?: string }[] }[] }[];
  }[];
}
interface PlaywrightReport {
  suites?: PlaywrightSuite[];
}

/** @param above the titles of the suites around it; the outermost one is that of the file */
function testsOfSuite(suite: PlaywrightSuite, above: readonly string[]): TestResult[] {
  const file = `e2e/${suite.file}`;
  return [
    ...suite.specs.map(({ title, ok, tests }) => ({
      file,
      name: [...above, title].join(' > '),
      status: ok ? ('passed' as const) : ('failed' as const),
      errors: tests.flatMap(({ results }) =>
        results.flatMap(({ errors }) =>
          errors.map(({ message = '' }) => stripVTControlCharacters(message)),
        ),
      ),
    })),
    ...(suite.suites ?? []).flatMap((inner) => testsOfSuite(inner, [...above, inner.title])),
  ];
}

/** A pattern that finds each of these texts as it is. */
function patternOf(texts: readonly string[]): string {
  return [...new Set(texts.map((text) => RegExp.escape(text)))].join('|');
}

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function readReport<Report extends object>(file: string): Promise<Partial<Report>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report;
  } catch {
    // The run did not come so far; what it printed says why.
    return {};
  }
}

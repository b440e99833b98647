import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { countPlaywright, countVitest } from './counts.mjs';
import { ensureInstalled } from './install.mjs';
import { Problem, main, projectFolder } from './project.mjs';
import { runTool } from './run.mjs';

const RESULTS = join(projectFolder, 'test-results');
const UNIT_REPORT = join(RESULTS, 'vitest.json');
const BROWSER_REPORT = join(RESULTS, 'browser.json');
/** The names of the steps that failed, for scripts/list-failures.mjs. */
const STEPS_REPORT = join(RESULTS, 'steps.json');
const MUTANT_REPORT = join(RESULTS, 'mutants.json');

const tool = (path) => join(projectFolder, 'node_modules', path);

/** Each step answers { passed, failed } in tests; a check that fails is one failure. */
const STEPS = [
  ['Format', () => check(tool('oxfmt/bin/oxfmt'), '--check', '.')],
  ['Lint', () => check(tool('oxlint/bin/oxlint'), '--type-aware')],
  ['Types', () => check(tool('typescript/bin/tsc'), '-b')],
  ['Unused code', () => check(tool('knip/bin/knip.js'))],
  // Before any test: those that start Slipway would each wait for it.
  ['Build', build],
  ['Unit and integration tests', unitAndIntegrationTests],
  ['Browser tests', browserTests],
];
/** What also runs before a larger change lands. */
const FULL_STEPS = [['Tests of the tests, by deliberate defects', mutants]];

// npm test: install what is missing, run every step even after a failure, end with one line of counts.
await main(async () => {
  await ensureInstalled();
  const isFull = process.argv.includes('--full');
  if (isFull) process.env.SLIPWAY_TEST_FULL = '1';
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const outcomes = [];
  const steps = [...STEPS, ...(isFull ? FULL_STEPS : [])];
  for (const [name, run] of steps) outcomes.push(await runStep(name, run));
  summarise(outcomes);
});

async function runStep(name, run) {
  console.log(`\n=== ${name} ===`);
  const startedAt = Date.now();
  const counts = await run().catch((error) => {
    console.error(error instanceof Problem ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`--- ${name}: ${counts.failed === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  return { name, ...counts };
}

function summarise(outcomes) {
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const broken = outcomes.filter((outcome) => outcome.failed > 0).map((outcome) => outcome.name);
  if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
  writeFileSync(STEPS_REPORT, JSON.stringify(broken));
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function check(...args) {
  const code = await runTool(args);
  return { passed: 0, failed: code === 0 ? 0 : 1 };
}

async function unitAndIntegrationTests() {
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`];
  const code = await runTool([tool('vitest/vitest.mjs'), ...args]);
  return countVitest(UNIT_REPORT, code);
}

async function build() {
  await ensureBuilt();
  return { passed: 0, failed: 0 };
}

async function browserTests() {
  const chromium = await ensureBrowser();
  const code = await runTool([tool('@playwright/test/cli.js'), 'test'], {
    CHROMIUM_PATH: chromium,
    // The browser tests have a server, a data folder and a database of their own.
    DATABASE_URL: '',
  });
  return countPlaywright(BROWSER_REPORT, code);
}

/** One for each defect: noticed by its test, or not. */
async function mutants() {
  const environment = { CHROMIUM_PATH: await ensureBrowser() };
  const code = await runTool([join(projectFolder, 'mutants/main.ts')], environment);
  return countVitest(MUTANT_REPORT, code);
}

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { countPlaywright, countVitest } from './counts.mjs';
import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';
import { lxdPart } from './lxd/part.mjs';
import { motoPart } from './moto/part.mjs';
import { openstackPart } from './openstack/part.mjs';
import { Problem, main, projectFolder } from './project.mjs';
import { runTool } from './run.mjs';

const RESULTS = join(projectFolder, 'test-results');
/** What tests have measured (server/testing/clouds/note-figures.ts). */
const FIGURES = join(RESULTS, 'cloud-figures');

/**
 * What there is to be tested, one after the other. A part has a `name` for its report, says `what` it is, and starts: with the `environment`
 * that its tests need (vitest.config.ts) and how to `stop` it, or with the `reason` why this machine cannot. With `settings`, which have
 * Slipway itself reach it, it is also looked at in a browser (playwright.config.ts).
 */
const parts = [motoPart, lxdPart, openstackPart];

// npm run test:clouds: the drivers of clouds on the real ones that this machine can run, with real servers, and what
// people do there in a browser.
// -- ec2 openstack: only these parts.
// -- --record: also keeps how long things took there, for docs/performance.md.
await main(async () => {
  await ensureInstalled();
  rmSync(FIGURES, { recursive: true, force: true });
  const counts = { passed: 0, failed: 0 };
  for (const part of chooseParts()) {
    const { passed, failed } = await testPart(part).catch((error) => {
      console.error(error instanceof Problem ? error.message : error);
      return { passed: 0, failed: 1 };
    });
    counts.passed += passed;
    counts.failed += failed;
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
  if (process.argv.includes('--record') && counts.failed === 0 && existsSync(FIGURES))
    handOver('bench/clouds.ts');
});

function chooseParts() {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const unknown = names.find((name) => parts.every((part) => part.name !== name));
  if (unknown !== undefined)
    throw new Problem(`There is no "${unknown}": ${parts.map(({ name }) => name).join(', ')}.`);
  return names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name));
}

async function testPart({ name, what, start }) {
  const { environment, settings, reason, stop } = await start();
  if (environment === undefined) {
    console.log(`*** SKIPPED: ${what} were NOT tested, since ${reason}. ***`);
    return { passed: 0, failed: 0 };
  }
  try {
    const measuring = { ...environment, SLIPWAY_CLOUD_FIGURES: FIGURES };
    const counts = await runTests(measuring, join(RESULTS, `clouds-${name}.json`));
    if (settings === undefined) return counts;
    const inBrowser = await runInBrowser(name, { ...environment, ...settings });
    return {
      passed: counts.passed + inBrowser.passed,
      failed: counts.failed + inBrowser.failed,
    };
  } finally {
    await stop();
  }
}

async function runTests(environment, report) {
  mkdirSync(RESULTS, { recursive: true });
  // One file after the other: there is one cloud, and how long it takes is measured.
  const args = ['run', '--project', 'clouds', '--no-file-parallelism'];
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const code = await runTool(
    [join(projectFolder, 'node_modules/vitest/vitest.mjs'), ...args],
    environment,
  );
  return countVitest(report, code);
}

/** What somebody does there in the page: the project of the name of the part. */
async function runInBrowser(project, environment) {
  const chromium = await ensureBrowser().catch((error) => {
    if (!(error instanceof Problem)) throw error;
    console.log(`*** SKIPPED: ${project} was NOT looked at in a browser: ${error.message} ***`);
  });
  if (chromium === undefined) return { passed: 0, failed: 0 };
  await ensureBuilt();
  const run = `browser-${project}`;
  const cli = join(projectFolder, 'node_modules/@playwright/test/cli.js');
  const code = await runTool([cli, 'test', '--project', project], {
    ...environment,
    CHROMIUM_PATH: chromium,
    SLIPWAY_E2E_RUN: run,
    // The server has a data folder and a database of its own.
    DATABASE_URL: '',
  });
  return countPlaywright(join(RESULTS, `${run}.json`), code);
}

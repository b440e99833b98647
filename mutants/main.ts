import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lifecycle } from '#server/lifecycle.ts';
import { startTestPostgres } from '#server/testing/postgres-server.ts';
import { makeCopy, projectFolder, removeCopy, withMutant } from './copy.ts';
import { judge, judgeBaseline } from './judge.ts';
import { mutants } from './list/all.ts';
import { findAnchorProblem, type Mutant } from './mutant.ts';
import { stopTools } from './run-program.ts';
import { needsBrowser, runTests } from './run-tests.ts';

// npm run test:mutants -- [TEXT…]: puts deliberate defects into copies of the project, one at a time,
// and demands that the test named for each notices it. TEXT: only those with one of them in their words or paths.

const workers = 2;
const only = process.argv.slice(2);
const wanted = mutants.filter(
  ({ defect, file, test }) =>
    only.length === 0 ||
    only.some((part) => [defect, file, test].some((text) => text.includes(part))),
);
const problems = new Map<Mutant, string>();
const started = performance.now();

const lifecycle = new Lifecycle();
lifecycle.listenForSignals();
// Whoever interrupts it has no outcome.
process.once('exit', () => {
  if (!isOver) process.exitCode = 130;
});
let isOver = false;
await run();
if (!lifecycle.isStopping) {
  isOver = true;
  await lifecycle.stop(summarise());
}

async function run(): Promise<void> {
  for (const mutant of wanted) note(mutant, findAnchorProblem(projectFolder, mutant));
  const postgres = await startTestPostgres();
  lifecycle.onStop(() => postgres.stop());
  const copies = await Promise.all(Array.from({ length: workers }, makeCopy));
  lifecycle.onStop(() => Promise.all(copies.map(removeCopy)));
  lifecycle.onStop(stopTools);
  await checkBaseline(copies[0] ?? '', postgres.url);
  const queue = withoutProblem();
  await Promise.all(copies.map((copy) => work(copy, queue, postgres.url)));
}

/** What a test says of a defect tells something only if it passes without. */
async function checkBaseline(copy: string, databaseUrl: string): Promise<void> {
  for (const group of [
    withoutProblem().filter((mutant) => !needsBrowser(mutant)),
    withoutProblem().filter(needsBrowser),
  ]) {
    if (group.length === 0) continue;
    const baseline = await runTests(copy, group, databaseUrl);
    for (const mutant of group) note(mutant, judgeBaseline(mutant, baseline));
  }
  console.log(`Without a defect, ${withoutProblem().length} tests pass (${since(started)}).`);
}

async function work(copy: string, queue: Mutant[], databaseUrl: string): Promise<void> {
  for (let mutant = queue.shift(); mutant && !lifecycle.isStopping; mutant = queue.shift()) {
    const current = mutant;
    const begun = performance.now();
    const outcome = await withMutant(copy, current, () => runTests(copy, [current], databaseUrl));
    const problem = judge(current, outcome);
    if (problem === undefined) console.log(`✓ ${current.defect} (${since(begun)})`);
    note(current, problem);
  }
}

function note(mutant: Mutant, problem: string | undefined): void {
  if (problem === undefined || lifecycle.isStopping) return;
  problems.set(mutant, problem);
  console.log(`✗ ${mutant.defect} (${mutant.file})\n  ${problem}`);
}

function withoutProblem(): Mutant[] {
  return wanted.filter((mutant) => !problems.has(mutant));
}

/** Says how it went, also to `npm run test:full`: as a report of vitest. @returns the exit code */
function summarise(): number {
  const failed = problems.size;
  const passed = wanted.length - failed;
  const folder = join(projectFolder, 'test-results');
  mkdirSync(folder, { recursive: true });
  const report = { numPassedTests: passed, numFailedTests: failed };
  writeFileSync(join(folder, 'mutants.json'), JSON.stringify(report));
  console.log(`${passed} defects were noticed, ${failed} not (${since(started)}).`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function since(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}

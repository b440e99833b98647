import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countVitest } from './counts.mjs';
import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';
import { leftFolders, makeFolder, socketOf, startLxd, stopLxd } from './lxd/daemon.mjs';
import { ensureLxd } from './lxd/install.mjs';
import { prepareLxd, probeLxd } from './lxd/prepare.mjs';
import { Problem, main, projectFolder } from './project.mjs';
import { runTool } from './run.mjs';

const REPORT = join(projectFolder, 'test-results/clouds.json');
const FIGURES = join(projectFolder, 'test-results/cloud-figures.json');

// npm run test:clouds: the drivers of clouds on the real ones that this machine can run, with real servers.
// -- --record: also keeps how long rollouts took there, for docs/performance.md.
await main(async () => {
  await ensureInstalled();
  const { passed, failed } = await testClouds().catch((error) => {
    console.error(error instanceof Problem ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
  if (process.argv.includes('--record') && failed === 0 && existsSync(FIGURES))
    handOver('bench/clouds.ts');
});

async function testClouds() {
  const reason = await ensureLxd();
  if (reason !== undefined) return skip(reason);
  for (const folder of leftFolders()) await stopLxd(folder);
  const folder = makeFolder();
  const stop = () => {
    spawnSync(process.execPath, [join(projectFolder, 'scripts/stop-lxd.mjs'), folder]);
  };
  process.once('exit', stop);
  try {
    return await testOn(folder);
  } finally {
    await stopLxd(folder);
    process.off('exit', stop);
  }
}

async function testOn(folder) {
  console.log('Starting LXD ...');
  const refusal = await startLxd(folder).catch((error) => error.message);
  if (refusal !== undefined) return skip(refusal);
  const images = await prepareLxd(folder);
  const reason = await probeLxd(folder, images[0]);
  if (reason !== undefined) return skip(`it cannot start a container: ${reason}`);
  mkdirSync(join(projectFolder, 'test-results'), { recursive: true });
  rmSync(FIGURES, { force: true });
  // One file after the other: there is one LXD, and how long it takes is measured.
  const args = ['run', '--project', 'clouds', '--no-file-parallelism'];
  args.push('--reporter=default', '--reporter=json');
  const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs');
  const code = await runTool([vitest, ...args, `--outputFile.json=${REPORT}`], {
    SLIPWAY_LXD_SOCKET: socketOf(folder),
    SLIPWAY_LXD_IMAGES: images.join(' '),
    SLIPWAY_LXD_FIGURES: FIGURES,
  });
  return countVitest(REPORT, code);
}

function skip(reason) {
  console.log(`*** SKIPPED: servers on a real LXD were NOT tested, since ${reason}. ***`);
  return { passed: 0, failed: 0 };
}

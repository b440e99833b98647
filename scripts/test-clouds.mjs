import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { countVitest } from './counts.mjs';
import { ensureInstalled } from './install.mjs';
import { leftFolders, makeFolder, socketOf, startLxd, stopLxd } from './lxd/daemon.mjs';
import { ensureLxd } from './lxd/install.mjs';
import { prepareLxd, probeLxd } from './lxd/prepare.mjs';
import { Problem, main, projectFolder } from './project.mjs';
import { runTool } from './run.mjs';

const REPORT = join(projectFolder, 'test-results/clouds.json');

// npm run test:clouds: the drivers of clouds on the real ones that this machine can run, with real servers.
await main(async () => {
  await ensureInstalled();
  const { passed, failed } = await testClouds().catch((error) => {
    console.error(error instanceof Problem ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
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
  const args = ['run', '--project', 'clouds', '--reporter=default', '--reporter=json'];
  const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs');
  const code = await runTool([vitest, ...args, `--outputFile.json=${REPORT}`], {
    SLIPWAY_LXD_SOCKET: socketOf(folder),
    SLIPWAY_LXD_IMAGES: images.join(' '),
  });
  return countVitest(REPORT, code);
}

function skip(reason) {
  console.log(`*** SKIPPED: servers on a real LXD were NOT tested, since ${reason}. ***`);
  return { passed: 0, failed: 0 };
}

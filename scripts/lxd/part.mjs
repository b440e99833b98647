import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '../project.mjs';
import { leftFolders, makeFolder, socketOf, startLxd, stopLxd } from './daemon.mjs';
import { ensureLxd } from './install.mjs';
import { prepareLxd, probeLxd } from './prepare.mjs';

/** The part of `npm run test:clouds` that has servers on a real LXD: scripts/test-clouds.mjs. */
export const lxdPart = {
  name: 'lxd',
  what: 'servers on a real LXD',
  start: async () => {
    const reason = await ensureLxd();
    if (reason !== undefined) return { reason };
    for (const folder of leftFolders()) await stopLxd(folder);
    const folder = makeFolder();
    const stopAtOnce = () => {
      spawnSync(process.execPath, [join(projectFolder, 'scripts/stop-lxd.mjs'), folder]);
    };
    process.once('exit', stopAtOnce);
    const stop = async () => {
      await stopLxd(folder);
      process.off('exit', stopAtOnce);
    };
    const started = await startOn(folder).catch((error) => ({ error }));
    if (started.environment) return { ...started, stop };
    await stop();
    if (started.error) throw started.error;
    return started;
  },
};

async function startOn(folder) {
  console.log('Starting LXD ...');
  const refusal = await startLxd(folder).catch((error) => error.message);
  if (refusal !== undefined) return { reason: refusal };
  const images = await prepareLxd(folder);
  const reason = await probeLxd(folder, images[0]);
  if (reason !== undefined) return { reason: `it cannot start a container: ${reason}` };
  return {
    environment: {
      SLIPWAY_LXD_SOCKET: socketOf(folder),
      SLIPWAY_LXD_IMAGES: images.join(' '),
    },
    settings: { CLOUD_SOCKETS: socketOf(folder) },
  };
}

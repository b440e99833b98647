import { rmSync } from 'node:fs';
import { makeFolder, startOpenstack } from './daemon.mjs';
import { ensureOpenstack } from './install.mjs';
import { prepareOpenstack } from './prepare.mjs';

/** The part of `npm run test:clouds` that has servers on a real OpenStack: scripts/test-clouds.mjs. */
export const openstackPart = {
  name: 'openstack',
  what: 'servers on a real OpenStack',
  start: async () => {
    const reason = await ensureOpenstack();
    if (reason !== undefined) return { reason };
    const folder = makeFolder();
    const stopAtOnce = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', stopAtOnce);
    console.log('Starting OpenStack, which takes a minute ...');
    const { urls, stop } = await startOpenstack(folder);
    try {
      const settings = await prepareOpenstack(urls);
      return { environment: { SLIPWAY_OPENSTACK: JSON.stringify(settings) }, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  },
};

import { askLxd, lxd, makeImage } from '../../server/testing/clouds/lxd-setup.ts';

import { currentName, oldName } from './cloud-under-test.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';

const container = 'shop-web';

interface Image {
  fingerprint: string;
  properties: Record<string, string>;
}

/** The LXD that `npm run test:clouds` has started. */
export async function openLxd(): Promise<CloudUnderTest & { close(): Promise<void> }> {
  const [old, current] = [await makeNamed(oldName), await makeNamed(currentName)];
  await launch(old);
  return {
    platform: 'lxd',
    type: 'LXD or Incus',
    location: 'default',
    places: 1,
    fillIn: (dialog) => dialog.getByLabel('Address').fill(lxd.socket),
    observed: 'Servers without a group (default)',
    leaveOld: async () => {
      await end();
      await launch(current);
    },
    images: async () => {
      const all = (await askLxd('GET', '/images?recursion=1')) as Image[];
      const names = all.map(({ properties }) => properties['description'] ?? '');
      return names.filter((name) => name === oldName || name === currentName).toSorted();
    },
    close: end,
  };
}

/** An image of that name. @returns its fingerprint */
async function makeNamed(description: string): Promise<string> {
  const fingerprint = await makeImage();
  const image = (await askLxd('GET', `/images/${fingerprint}`)) as Image;
  const properties = { ...image.properties, description };
  await askLxd('PUT', `/images/${fingerprint}`, { ...image, properties });
  return fingerprint;
}

async function launch(fingerprint: string): Promise<void> {
  const source = { type: 'image', fingerprint };
  await askLxd('POST', '/instances', { name: container, source });
  await askLxd('PUT', `/instances/${container}/state`, { action: 'start' });
}

async function end(): Promise<void> {
  await askLxd('PUT', `/instances/${container}/state`, { action: 'stop', force: true });
  await askLxd('DELETE', `/instances/${container}`);
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './ask.mjs';
import { socketOf } from './daemon.mjs';
import { makeTinyImage } from './tiny-image.mjs';

/**
 * Gives an LXD a place for disks, a network card for each container, and two tiny images.
 *
 * @returns {Promise<string[]>} the fingerprints
 */
export async function prepareLxd(folder) {
  const to = (...question) => ask(socketOf(folder), ...question);
  await to('PATCH', '', { config: { 'images.auto_update_interval': '0' } });
  await to('POST', '/storage-pools', { name: 'pool', driver: 'dir' });
  const boots = join(folder, 'boots');
  mkdirSync(boots);
  const raw = [
    // A card that leads nowhere, with an address that no other machine sees.
    'lxc.net.0.ipv4.address = 10.0.3.2/24',
    // A line for each time that a container starts.
    `lxc.hook.pre-start = echo boot >>${boots}/$LXC_NAME`,
  ];
  await to('PATCH', '/profiles/default', {
    config: { 'raw.lxc': raw.join('\n') },
    devices: {
      root: { type: 'disk', path: '/', pool: 'pool' },
      eth0: { type: 'nic', nictype: 'p2p', name: 'eth0' },
    },
  });
  const images = ['1', '2'].map(async (release) => {
    const own = join(folder, `tiny-${release}`);
    mkdirSync(own);
    const bytes = makeTinyImage(own, release);
    const { metadata } = await to('POST', '/images', bytes);
    return metadata.fingerprint;
  });
  return Promise.all(images);
}

/**
 * Whether this machine can run a container at all.
 *
 * @returns {Promise<string | undefined>} why not, in LXD's words
 */
export async function probeLxd(folder, fingerprint) {
  const to = (...question) => ask(socketOf(folder), ...question);
  const source = { type: 'image', fingerprint };
  try {
    await to('POST', '/instances', { name: 'probe', source });
    await to('PUT', '/instances/probe/state', { action: 'start' });
    await to('PUT', '/instances/probe/state', { action: 'stop', force: true });
    await to('DELETE', '/instances/probe');
    return undefined;
  } catch (error) {
    return error.message;
  }
}

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { describeCloudConformance } from '../cloud/conformance.ts';
import { askLxd, fetchLxd, lxd, waitUntilIdle } from './lxd-setup.ts';

let expendables = 0;

describeCloudConformance('lxd', {
  connect: lxd.connect,
  place: lxd.place,
  cloudImageId: lxd.imageA,
  absentImageId: 'f'.repeat(64),
  instanceType: 'c1-m1',
  makeExpendableImage: async () => {
    const image = await fetchLxd('GET', `/images/${lxd.imageA}/export`);
    // A tar file may end with any number of empty blocks; each makes another image of it.
    const bytes = Buffer.concat([image, Buffer.alloc(512 * ++expendables)]);
    const made = await askLxd('POST', '/images', bytes);
    return z.object({ fingerprint: z.string() }).parse(made).fingerprint;
  },
  stepMs: 60_000,
  pollMs: 50,
  cannot: ['images.copy'],
  // Its containers are gone when they have ended.
  forgetsEnded: true,
  countBoots: async ({ cloudServerId }) => {
    await waitUntilIdle();
    const lines = await readFile(join(dirname(lxd.socket), '../boots', cloudServerId), 'utf8');
    return lines.trim().split('\n').length;
  },
});

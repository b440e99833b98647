import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeCloudConformance } from '../cloud/conformance.ts';
import { noGroups } from '../cloud/subject.ts';
import { lxd, makeImage, waitUntilIdle } from './lxd-setup.ts';

describeCloudConformance('lxd', {
  connect: lxd.connect,
  place: lxd.place,
  cloudImageId: lxd.imageA,
  absentImageId: 'f'.repeat(64),
  instanceType: 'c1-m1',
  makeExpendableImage: makeImage,
  stepMs: 60_000,
  pollMs: 50,
  cannot: ['images.copy', 'pointers.put', 'pointers.remove', ...noGroups],
  // Its containers are gone when they have ended.
  forgetsEnded: true,
  countBoots: async ({ cloudServerId }) => {
    await waitUntilIdle();
    const lines = await readFile(join(dirname(lxd.socket), '../boots', cloudServerId), 'utf8');
    return lines.trim().split('\n').length;
  },
});

import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import type { CsvColumns } from '../list-export.ts';

/** Columns of image sets as CSV. */
export const imageSetCsvColumns: CsvColumns<ImageSet> = [
  ['Version', (set) => set.name],
  ['Id', (set) => set.id],
  ['Line', (set) => set.line],
  ['Scope', (set) => set.scope],
  ['Account', (set) => set.accountName],
  ['Environment', (set) => set.envName],
  ['OS', (set) => set.osName],
  ['Architectures', (set) => set.architectures.join(' ')],
  [
    'Places',
    ({ places }) =>
      places
        .map(({ cloudPlatform, cloudLocation }) => `${cloudPlatform} ${cloudLocation}`.trim())
        .join(', '),
  ],
  ['Images', (set) => set.images.total],
  ['Deprecated images', (set) => set.images.deprecated],
  ['Failed images', (set) => set.images.failed],
  ['Roles', (set) => set.usage?.roles ?? null],
  ['Farms', (set) => set.usage?.farms ?? null],
  ['Servers', (set) => set.usage?.servers ?? null],
  ['Old servers', (set) => set.usage?.oldServers ?? null],
  ['Newest of its line', (set) => (set.newest ? 'yes' : 'no')],
  ['Newer', (set) => set.newer?.name ?? null],
  ['Last used (UTC)', (set) => set.lastUsed],
  ['Added (UTC)', (set) => set.added],
];

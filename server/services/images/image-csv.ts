import type { Image } from '#contract/images/images.ts';
import type { CsvColumns } from '../list-export.ts';

/** Columns of images as CSV. */
export const imageCsvColumns: CsvColumns<Image> = [
  ['Name', (image) => image.name],
  ['Id', (image) => image.id],
  ['Scope', (image) => image.scope],
  ['Account', (image) => image.accountName],
  ['Environment', (image) => image.envName],
  ['Cloud', (image) => image.cloudPlatform],
  ['Location', (image) => image.cloudLocation],
  ['Cloud image id', (image) => image.cloudImageId],
  ['OS', (image) => image.osName],
  ['Architecture', (image) => image.architecture],
  ['Status', (image) => image.status],
  ['Deprecated', (image) => (image.deprecated ? 'yes' : 'no')],
  ['Roles', (image) => image.usage?.roles ?? null],
  ['Servers', (image) => image.usage?.servers ?? null],
  ['Last used (UTC)', (image) => image.lastUsed],
  ['Added (UTC)', (image) => image.added],
  ['Added by', (image) => image.createdBy],
];

import { type GlanceImage, imageSchema, imagesSchema } from './answers.ts';
import type { OpenstackRegion } from './connection.ts';
import { orAbsent } from './errors.ts';

/** Whatever it is, it is one part of a path. */
export const pathOf = (cloudImageId: string) => `/images/${encodeURIComponent(cloudImageId)}`;

/** @returns nothing where Glance has no such image, or does not show it to us */
export async function findImage(
  region: OpenstackRegion,
  cloudImageId: string,
): Promise<GlanceImage | undefined> {
  // An empty id would list all of them.
  if (cloudImageId === '') return undefined;
  const image = await orAbsent(region.read('image', pathOf(cloudImageId), imageSchema));
  return image && !['deleted', 'pending_delete'].includes(image.status) ? image : undefined;
}

/** Images in pages, as far as a query of Glance's goes. */
export async function* listImages(
  region: OpenstackRegion,
  query: Record<string, string>,
  pageSize: number,
): AsyncIterable<GlanceImage[]> {
  const parameters = new URLSearchParams({ ...query, limit: String(pageSize) });
  for (;;) {
    const path = `/images?${parameters.toString()}`;
    const { images, next } = await region.read('image', path, imagesSchema);
    yield images;
    const last = images.at(-1);
    if (last === undefined || next === undefined) return;
    parameters.set('marker', last.id);
  }
}

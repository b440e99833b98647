import { createHash } from 'node:crypto';
import { CloudError } from '../call.ts';
import type { ImageCopy } from '../images.ts';
import { type GlanceImage, importMethodsSchema } from './answers.ts';
import type { OpenstackRegion } from './connection.ts';
import { unless } from './errors.ts';
import { findImage, pathOf } from './glance.ts';

const method = 'glance-download';

/**
 * Has the Glance of one region fetch an image from that of another. It makes a second image, under an id of ours that
 * follows from the token: whoever asks again finds it.
 * @throws CloudError, for good where the source is absent, or Glance does not fetch from others
 */
export async function copyImage(
  from: OpenstackRegion,
  to: OpenstackRegion,
  { token, name, source }: ImageCopy,
): Promise<{ cloudImageId: string; isFinished: boolean }> {
  const cloudImageId = idOf(token);
  const begun = await findImage(to, cloudImageId);
  if (begun) return bringOn(from, to, begun, source.cloudImageId);
  const original = await findImage(from, source.cloudImageId);
  if (!original) throw refused(`Glance has no image ${source.cloudImageId} in ${from.name}.`);
  await demandFetching(to);
  await create(to, cloudImageId, name, original);
  const made = await findImage(to, cloudImageId);
  if (made) return bringOn(from, to, made, original.id);
  throw new CloudError(`Glance has made ${cloudImageId}, and does not show it yet.`, {
    willPass: true,
  });
}

/** Tokens are such ids already, as jobs have them; any other gives one by its digest. */
function idOf(token: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(token)) return token;
  const digits = createHash('sha256').update(token).digest('hex').slice(0, 32);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function demandFetching(to: OpenstackRegion): Promise<void> {
  const info = await to.read('image', '/info/import', importMethodsSchema);
  if (info['import-methods'].value.includes(method)) return;
  throw refused(
    `Glance in ${to.name} does not fetch images from elsewhere: whoever runs it has to turn on the import method ${method}. Upload the image there.`,
  );
}

async function create(
  to: OpenstackRegion,
  id: string,
  name: string,
  { container_format, disk_format, min_disk, min_ram, architecture, hw_architecture }: GlanceImage,
): Promise<void> {
  const body = {
    id,
    name,
    container_format,
    disk_format,
    min_disk,
    min_ram,
    architecture,
    hw_architecture,
  };
  // Taken: somebody else has begun the same copy meanwhile.
  await unless(409, to.change('image', { method: 'POST', path: '/images', body }));
}

/** What is there and not filled is being fetched, or has to be. */
async function bringOn(
  from: OpenstackRegion,
  to: OpenstackRegion,
  image: GlanceImage,
  sourceId: string,
): Promise<{ cloudImageId: string; isFinished: boolean }> {
  const { id: cloudImageId, status } = image;
  if (status === 'active') return { cloudImageId, isFinished: true };
  if (hasFailed(image)) {
    // So that nothing is left that nobody knows of.
    await unless(404, to.change('image', { method: 'DELETE', path: pathOf(cloudImageId) }));
    throw refused(
      `Glance in ${to.name} could not fetch the image from ${from.name}; its own log says why.`,
    );
  }
  if (status === 'queued' && image.os_glance_import_task === undefined)
    await unless(
      // It is fetched already.
      409,
      to.change('image', {
        method: 'POST',
        path: `${pathOf(cloudImageId)}/import`,
        body: { method: { name: method, glance_region: from.name, glance_image_id: sourceId } },
      }),
    );
  return { cloudImageId, isFinished: false };
}

/** Glance does not say so: an import that failed is no longer under way, and has left the image as it was. */
function hasFailed(image: GlanceImage): boolean {
  const { status, os_glance_import_task: task, os_glance_importing_to_stores: stores } = image;
  if (status === 'killed' || (image.os_glance_failed_import ?? '') !== '') return true;
  return status === 'queued' && stores !== undefined && task === undefined;
}

function refused(words: string): CloudError {
  return new CloudError(words, { willPass: false });
}

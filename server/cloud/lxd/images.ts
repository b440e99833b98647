import { z } from 'zod';
import { CloudError } from '../call.ts';
import type { CloudImage, CloudImageRef, CloudImages } from '../images.ts';
import { aliasSchema, imageSchema, type LxdImage } from './answers.ts';
import { type LxdConnection, type LxdProject, orAbsent } from './connection.ts';
import { hasFailed, waitFor } from './operations.ts';

export const deprecatedProperty = 'slipway.deprecated';

/** Images of one LXD, which keeps those of each project apart. */
export function lxdImages(lxd: LxdConnection): CloudImages {
  return {
    find: async (ref, options) => {
      const image = await findImage(lxd.at(ref, options), ref.cloudImageId);
      return image && toImage(ref, image);
    },
    copy: async ({ cloudLocation }) => {
      throw new CloudError(
        `LXD cannot copy an image to ${cloudLocation}: it knows images by their content, so that a copy has no id of its own. Import the image there.`,
        { willPass: false },
      );
    },
    deprecate: async (ref, options) => {
      const project = lxd.at(ref, options);
      const image = await findImage(project, ref.cloudImageId);
      if (!image) return 'absent';
      const properties = { [deprecatedProperty]: String(ref.isDeprecated) };
      const change = project.change('PATCH', `/images/${image.fingerprint}`, { properties });
      return (await orAbsent(change.then(() => 'done' as const))) ?? 'absent';
    },
    delete: async (ref, options) => {
      const project = lxd.at(ref, options);
      const image = await findImage(project, ref.cloudImageId);
      if (!image) return 'absent';
      const change = project.change('DELETE', `/images/${image.fingerprint}`);
      const operation = await waitFor(project, await orAbsent(change));
      if (operation === undefined || !(await findImage(project, image.fingerprint)))
        return operation && !hasFailed(operation) ? 'deleted' : 'absent';
      throw new CloudError(`LXD says: ${operation.err || 'the image is still being deleted'}`, {
        willPass: true,
      });
    },
  };
}

/**
 * What an id means now: an alias, or a fingerprint or the beginning of one, in this order as in LXD's own
 * client.
 */
export async function findImage(
  project: LxdProject,
  cloudImageId: string,
): Promise<LxdImage | undefined> {
  const id = encodeURIComponent(cloudImageId);
  const alias = await orAbsent(project.read(`/images/aliases/${id}`, aliasSchema));
  const image = await orAbsent(project.read(`/images/${alias?.target ?? id}`, imageSchema));
  if (!image) await demandTrust(project);
  return image;
}

/** To whom it does not trust, LXD says that there is no image, and not that it may not tell. */
export async function demandTrust(project: LxdProject): Promise<void> {
  const { auth } = await project.read('', z.object({ auth: z.string() }));
  if (auth !== 'trusted')
    throw new CloudError('LXD does not trust the certificate of Slipway.', { willPass: false });
}

/** Which image each alias of a project means now. */
export async function readAliases(project: LxdProject): Promise<Map<string, string>> {
  const aliases = await project.read('/images/aliases?recursion=1', z.array(aliasSchema));
  return new Map(aliases.map(({ name, target }) => [name, target]));
}

function toImage(ref: CloudImageRef, { fingerprint, properties, aliases }: LxdImage): CloudImage {
  const { cloudPlatform, cloudLocation, cloudImageId } = ref;
  return {
    cloudPlatform,
    cloudLocation,
    cloudImageId,
    name: nameOfImage({ fingerprint, properties, aliases }),
    isReady: true,
    isDeprecated: properties?.[deprecatedProperty] === 'true',
  };
}

export function nameOfImage({ fingerprint, properties, aliases }: LxdImage): string {
  return properties?.['description'] ?? aliases?.[0]?.name ?? fingerprint.slice(0, 12);
}

import { architectures } from '#contract/images/architectures.ts';
import { CloudError } from '../call.ts';
import type { CloudImage, CloudImageRef, CloudImages } from '../images.ts';
import type { GlanceImage } from './answers.ts';
import type { OpenstackConnection } from './connection.ts';
import { copyImage } from './copies.ts';
import { orAbsent } from './errors.ts';
import { findImage, pathOf } from './glance.ts';

/** Images of one project, which Glance keeps for each region apart. */
export function openstackImages(openstack: OpenstackConnection): CloudImages {
  return {
    find: async (ref, options) => {
      const image = await findImage(openstack.at(ref, options), ref.cloudImageId);
      return image && toImage(ref, image);
    },
    copy: async (copy, options) => {
      const { cloudPlatform, source } = copy;
      const from = openstack.at({ cloudPlatform, cloudLocation: source.cloudLocation }, options);
      return copyImage(from, openstack.at(copy, options), copy);
    },
    deprecate: async (ref, options) => {
      const region = openstack.at(ref, options);
      const hiding = region.change('image', {
        method: 'PATCH',
        path: pathOf(ref.cloudImageId),
        body: [{ op: 'replace', path: '/os_hidden', value: ref.isDeprecated }],
        contentType: 'application/openstack-images-v2.1-json-patch',
      });
      return (await orAbsent(hiding.then(() => 'done' as const))) ?? 'absent';
    },
    delete: async (ref, options) => {
      const region = openstack.at(ref, options);
      const image = await findImage(region, ref.cloudImageId);
      if (image === undefined) return 'absent';
      if (image.protected)
        throw new CloudError(
          `Glance protects the image ${image.id} from being deleted. Take the protection away there.`,
          { willPass: false },
        );
      const deletion = region.change('image', { method: 'DELETE', path: pathOf(image.id) });
      try {
        return (await orAbsent(deletion.then(() => 'deleted' as const))) ?? 'absent';
      } catch (error) {
        // Where somebody else deletes it at the same moment, Glance refuses the second one in words of its own.
        if ((await findImage(region, image.id)) === undefined) return 'absent';
        throw error;
      }
    },
  };
}

function toImage(ref: CloudImageRef, image: GlanceImage): CloudImage {
  const { name, status, os_hidden } = image;
  const { cloudPlatform, cloudLocation, cloudImageId } = ref;
  return {
    cloudPlatform,
    cloudLocation,
    cloudImageId,
    name: name ?? '',
    isReady: status === 'active',
    isDeprecated: os_hidden,
    ...factsOf(image),
  };
}

/** Whoever uploads an image writes its architecture, or not; how large a disk is, Glance reads from its file. */
function factsOf({
  hw_architecture,
  architecture = hw_architecture,
  virtual_size: bytes,
}: GlanceImage) {
  const isKnown = architectures.some((one) => one === architecture);
  return {
    ...(architecture !== undefined && isKnown && { architecture }),
    ...(bytes != null && bytes > 0 && { sizeGb: Math.ceil(bytes / 2 ** 30) }),
  };
}

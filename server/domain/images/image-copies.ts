import type { ImageStatus } from '#contract/images/images.ts';
import { ec2Regions } from '#contract/images/platforms.ts';
import { whyUnusable } from './image-states.ts';
import { type Deprecatable, deprecatedWords, isDeprecatedAt } from './deprecations.ts';
import type { Refusal } from '../refusal.ts';
import { type ScopedRow, scopeOf } from '../scopes.ts';

/** Where a machine image is, or where a copy of it goes. */
interface Place {
  cloudPlatform: string;
  cloudLocation: string;
}

/** Why no machine image can be copied to a place: docs/domain.md, "Copying an image". */
export function findDestinationRefusal(to: Place): Refusal | undefined {
  if (to.cloudPlatform !== 'ec2')
    return {
      code: 'InvalidValue',
      field: 'cloudPlatform',
      reason: `Images can be copied between the regions of ec2 only, not to ${to.cloudPlatform}.`,
    };
  if (!ec2Regions.includes(to.cloudLocation))
    return {
      code: 'InvalidValue',
      field: 'cloudLocation',
      reason: `"${to.cloudLocation}" is not a region of ec2 that images can be copied to. Name one, such as ${ec2Regions[0]}.`,
    };
  return undefined;
}

/** Why an image cannot be copied, wherever to. Whose image it is was settled before. */
export function findCopyRefusal(
  image: {
    name: string;
    status: ImageStatus;
    cloud_platform: string;
  } & ScopedRow &
    Deprecatable,
): Refusal | undefined {
  const why = whyUnusable(image.status);
  if (why !== undefined)
    return { code: 'UnacceptableImageStatus', reason: `Image "${image.name}" ${why}.` };
  const at = scopeOf(image);
  if (isDeprecatedAt(image, at))
    return {
      code: 'Deprecated',
      reason: `Image "${image.name}" ${deprecatedWords(image, at)}; its copy would be as old. Copy a newer one, or restore it first.`,
    };
  if (image.cloud_platform !== 'ec2')
    return {
      code: 'InvalidValue',
      field: 'cloudPlatform',
      reason: `Image "${image.name}" is on ${image.cloud_platform}; only images on ec2 can be copied.`,
    };
  return undefined;
}

/** A copy goes to another location than its image's. */
export function findSamePlaceRefusal(
  image: { name: string; cloud_location: string },
  to: Place,
): Refusal | undefined {
  if (image.cloud_location !== to.cloudLocation) return undefined;
  return {
    code: 'BadRequest',
    field: 'cloudLocation',
    reason: `Image "${image.name}" is in ${to.cloudLocation} already. Choose another region.`,
  };
}

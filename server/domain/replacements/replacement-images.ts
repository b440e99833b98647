import type { ErrorCode } from '#contract/errors.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { deprecatedWords, isDeprecatedAt } from '../images/deprecations.ts';
import { whyUnusable } from '../images/image-states.ts';
import type { Refusal } from '../refusal.ts';
import { type ImageFacts, isSameSystem } from '../roles/role-images.ts';

/** What the rules of a replacement need to know of either image. */
export interface ReplacedImage extends ImageFacts {
  cloud_platform: string;
  cloud_location: string;
  architecture: string;
  cloud_image_id: string;
}

/**
 * What stands against one image replacing another, whatever the role. The list of candidates asks it too.
 * @param options.at the scope of the request: what is deprecated there cannot come in
 * @param options.allowDeprecated when a role in reach held the new image before
 */
export function findReplacementImageRefusal(
  oldImage: ReplacedImage,
  newImage: ReplacedImage,
  options: {
    at: ScopeRef;
    allowArchitectureChange?: boolean | undefined;
    allowDeprecated?: boolean;
  },
): Refusal | undefined {
  const refuse = (code: ErrorCode, reason: string): Refusal => ({
    code,
    reason,
    field: 'newImage.id',
  });
  if (newImage.id === oldImage.id)
    return refuse(
      'InvalidValue',
      `Image "${newImage.name}" cannot replace itself. Choose another.`,
    );
  if (placeOf(newImage) !== placeOf(oldImage))
    return refuse(
      'BadRequest',
      `Image "${newImage.name}" is in ${placeOf(newImage)}, but "${oldImage.name}" is in ${placeOf(oldImage)}. Choose an image of the same cloud and location.`,
    );
  const why = whyUnusable(newImage.status);
  if (why !== undefined)
    return refuse('UnacceptableImageStatus', `Image "${newImage.name}" ${why}. Choose another.`);
  if (!options.allowDeprecated && isDeprecatedAt(newImage, options.at))
    return refuse(
      'Deprecated',
      `Image "${newImage.name}" ${deprecatedWords(newImage, options.at)}. No role in reach held it before. Choose a newer one, or restore it first.`,
    );
  if (!isSameSystem(newImage, oldImage) && !isSameSystem(oldImage, newImage))
    return refuse(
      'OperatingSystemMismatch',
      `Image "${newImage.name}" has ${newImage.os_name}, but "${oldImage.name}" has ${oldImage.os_name}. Choose an image of the same OS.`,
    );
  if (newImage.architecture !== oldImage.architecture && !options.allowArchitectureChange)
    return refuse(
      'ConfigurationMismatch',
      `Image "${newImage.name}" is for ${newImage.architecture}, but "${oldImage.name}" is for ${oldImage.architecture}, and instance types that run one may not run the other. Choose another image, or allow it (allowArchitectureChange).`,
    );
  return undefined;
}

/** Whether two images are registrations of one image of a cloud. */
export function isSameCloudImage(one: ReplacedImage, other: ReplacedImage): boolean {
  return one.cloud_image_id === other.cloud_image_id && placeOf(one) === placeOf(other);
}

/** The platform and location of an image, in words. */
export function placeOf(image: Pick<ReplacedImage, 'cloud_platform' | 'cloud_location'>): string {
  return image.cloud_location === ''
    ? image.cloud_platform
    : `${image.cloud_platform} ${image.cloud_location}`;
}

import type { ImageStatus } from '#contract/images/images.ts';
import { hasImageLocation } from '#contract/images/platforms.ts';
import { type Scope, scopeLabel } from '#contract/scope.ts';
import { type Deprecatable, deprecatedWords, isDeprecatedAt } from './deprecations.ts';
import { whyUnusable } from './image-states.ts';
import type { Refusal } from '../refusal.ts';
import { type ScopedRow, scopeOf } from '../scopes.ts';

/** What a registration asks for, as far as the rules look at it. */
export interface Registration {
  scope?: Scope | undefined;
  cloudPlatform: string;
  cloudLocation?: string | undefined;
  cloudImageId: string;
  type?: string | null | undefined;
}

/**
 * The location that an image is registered under: none on clouds whose images serve everywhere, else
 * the given one (docs/domain.md, "Registering an image").
 * @param at the scope of the request
 */
export function planRegistration(
  given: Registration,
  at: Scope,
): { cloudLocation: string } | Refusal {
  if (given.scope !== undefined && given.scope !== at)
    return {
      code: 'InvalidValue',
      field: 'scope',
      reason: `This request registers images at the ${scopeLabel[at]} scope, but the body says ${scopeLabel[given.scope]}. Leave scope out, or send the request to that scope.`,
    };
  if (given.cloudImageId !== given.cloudImageId.trim())
    return {
      code: 'InvalidValue',
      field: 'cloudImageId',
      reason: 'cloudImageId must not start or end with spaces.',
    };
  if (given.type != null && given.cloudPlatform !== 'ec2')
    return {
      code: 'InvalidValue',
      field: 'type',
      reason: `Only images on ec2 have a type; leave it out for ${given.cloudPlatform}.`,
    };
  if (!hasImageLocation(given.cloudPlatform)) return { cloudLocation: '' };
  if (given.cloudLocation === undefined)
    return {
      code: 'InvalidStructure',
      field: 'cloudLocation',
      reason: `Images on ${given.cloudPlatform} need a cloudLocation, such as the region they are in.`,
    };
  if (given.cloudLocation === '' || given.cloudLocation !== given.cloudLocation.trim())
    return {
      code: 'InvalidValue',
      field: 'cloudLocation',
      reason: 'cloudLocation must not be empty, nor start or end with spaces.',
    };
  return { cloudLocation: given.cloudLocation };
}

/** The refusal of a registration that another one at the same or a higher scope stands against. */
export function refuseDuplicate(other: {
  name: string;
  scope: Scope;
  status: string;
  cloud_image_id: string;
  cloud_location: string;
}): Refusal {
  const where = other.cloud_location === '' ? '' : ` in ${other.cloud_location}`;
  const what = `${other.cloud_image_id}${where}`;
  return {
    code: 'UnicityViolation',
    field: 'cloudImageId',
    reason:
      other.status === 'pending_delete'
        ? `Image "${other.name}" at the ${scopeLabel[other.scope]} scope has the cloud image ${what} and is being deleted from its cloud.`
        : `The cloud image ${what} is already registered at the ${scopeLabel[other.scope]} scope as image "${other.name}". Use that one.`,
  };
}

/** What the rules of a change need to know of an image. */
export interface ChangeableImage {
  name: string;
  description: string;
  status: ImageStatus;
  deprecated_at: Date | null;
  deprecated_by: string | null;
  deprecation_reason: string | null;
  deprecation_replacement_id: string | null;
}

type Column = Exclude<keyof ChangeableImage, 'status'>;
export type ImageChange = Partial<Pick<ChangeableImage, Column>> & Partial<Protection>;

/** Who protects an image from being deleted, and since when. */
export interface Protection {
  protected_at: Date | null;
  protected_by: string | null;
  protection_reason: string | null;
}

/** When a change is made, and by whom. */
export interface ChangeStamp {
  at: Date;
  by: string;
}

/** What changes in an image when it is patched: only what differs; nothing when all is as asked. */
export function planUpdate(
  image: ChangeableImage,
  patch: {
    name?: string | undefined;
    description?: string | undefined;
    deprecated?: boolean | undefined;
  },
  stamp: ChangeStamp,
): ImageChange {
  const wanted: ImageChange = {
    ...(patch.name !== undefined && { name: patch.name }),
    ...(patch.description !== undefined && { description: patch.description }),
    ...(patch.deprecated !== undefined &&
      planDeprecation(image, { deprecate: patch.deprecated }, stamp)),
  };
  return differing(image, wanted);
}

/** What a deprecation asks for; what is left out stays as it is. */
export interface DeprecationWish {
  deprecate: boolean;
  reason?: string | undefined;
  /** Null takes the recommendation away. */
  replacementId?: string | null | undefined;
}

/**
 * What changes in an image when it is deprecated or restored. One that is deprecated already keeps its
 * time and author; only reason and replacement can change then (docs/domain.md, "Deprecating an image").
 */
export function planDeprecation(
  image: ChangeableImage,
  wish: DeprecationWish,
  stamp: ChangeStamp,
): ImageChange {
  if (!wish.deprecate)
    return differing(image, {
      deprecated_at: null,
      deprecated_by: null,
      deprecation_reason: null,
      deprecation_replacement_id: null,
    });
  return differing(image, {
    ...(!image.deprecated_at && { deprecated_at: stamp.at, deprecated_by: stamp.by }),
    ...(wish.reason !== undefined && { deprecation_reason: wish.reason || null }),
    ...(wish.replacementId !== undefined && { deprecation_replacement_id: wish.replacementId }),
  });
}

/**
 * What changes in an image when it is protected, or that ends. One that is protected already keeps its time and author;
 * only the reason can change then (docs/domain.md, "Protecting an image").
 */
export function planProtection(
  image: Protection,
  wish: { protect?: boolean | undefined; reason?: string | undefined },
  stamp: ChangeStamp,
): Partial<Protection> {
  const wanted: Partial<Protection> =
    wish.protect === false
      ? { protected_at: null, protected_by: null, protection_reason: null }
      : {
          ...(!image.protected_at && { protected_at: stamp.at, protected_by: stamp.by }),
          ...(wish.reason !== undefined && { protection_reason: wish.reason || null }),
        };
  const entries = Object.entries(wanted) as [keyof Protection, Date | string | null][];
  return Object.fromEntries(entries.filter(([column, value]) => image[column] !== value));
}

/**
 * Why one image cannot be recommended instead of another. A recommended image is not deprecated, and
 * only deprecated ones recommend another, so recommendations cannot lead round in a circle.
 */
export function findSuccessorRefusal(
  image: { id: string } & ScopedRow,
  successor: { id: string; name: string; status: ImageStatus } & Deprecatable,
): Refusal | undefined {
  const field = 'replacement.id';
  if (successor.id === image.id)
    return {
      code: 'InvalidValue',
      field,
      reason: `Image "${successor.name}" cannot be recommended instead of itself. Choose another one, or none.`,
    };
  const why = whyUnusable(successor.status);
  if (why !== undefined)
    return {
      code: 'UnacceptableImageStatus',
      field,
      reason: `Image "${successor.name}" cannot be recommended: it ${why}.`,
    };
  const at = scopeOf(image);
  if (isDeprecatedAt(successor, at))
    return {
      code: 'Deprecated',
      field,
      reason: `Image "${successor.name}" cannot be recommended: it ${deprecatedWords(successor, at)}.`,
    };
  return undefined;
}

function differing(image: ChangeableImage, wanted: ImageChange): ImageChange {
  const entries = Object.entries(wanted) as [Column, ChangeableImage[Column]][];
  return Object.fromEntries(entries.filter(([column, value]) => image[column] !== value));
}

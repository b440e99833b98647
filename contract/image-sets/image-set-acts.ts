import { z } from 'zod';
import { architectures } from '../images/architectures.ts';
import { cloudLocationSchema } from '../images/image-copies.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import {
  booleanText,
  description,
  id,
  idText,
  objectName,
  reason,
  reference,
  referenceInput,
  uuid,
} from '../fields.ts';
import { operation } from '../operation.ts';
import { imageSetSchema } from './image-sets.ts';
import { planSchema } from '../plans.ts';

/** More images than this are not named in one call. */
const mostImages = 500;

/** What becomes of images that the act cannot be done with: `refuse` (the default) refuses the whole call. */
const onRefusal = z.enum(['refuse', 'skip']);

/** Which images of the set an act is about: all of them, unless some are named. */
export const imageSetSelection = {
  images: z.array(uuid).min(1, 'must name an image, or be left out').max(mostImages).optional(),
  onRefusal: onRefusal.optional(),
};

/** An Image with its place in the set. */
const imageInSet = imageInShort.extend({
  cloudPlatform: z.enum(cloudPlatforms),
  cloudLocation: z.string(),
  architecture: z.enum(architectures),
});

/** What an act did, or would do, with one image. */
export const imageSetResultSchema = z.object({
  /** As it was before. */
  image: imageInSet,
  /** `unchanged`: it was already as asked. */
  outcome: z.enum(['done', 'unchanged', 'skipped']),
  /** Why it is skipped. */
  code: z.string().optional(),
  reason: z.string().optional(),
  /** Of `copy`: where the copy goes. */
  to: cloudLocationSchema.optional(),
  /** The image that came of it: a copy, or the registration that it was merged into. */
  made: reference(uuid).extend({ name: z.string() }).optional(),
  /** Of `add-to-role`: the image that it takes the place of, and whether that is deprecated with it. */
  oldImage: reference(uuid).extend({ name: z.string() }).optional(),
  deprecatedOldImage: z.boolean().optional(),
});
export type ImageSetResult = z.output<typeof imageSetResultSchema>;

/** What an act on a set did. */
export const imageSetActSchema = z.object({
  /** The set that the images are of now, which is another one after a new name or scope; null when none is left. */
  imageSet: reference(z.int()).extend({ name: z.string() }).nullable(),
  /** One for each image, or for each copy. */
  results: z.array(imageSetResultSchema),
});
export type ImageSetAct = z.output<typeof imageSetActSchema>;

/** What an act on a set would do: a refused image is `skipped`, whatever `onRefusal` says. */
export const imageSetPlanSchema = planSchema.extend({ results: z.array(imageSetResultSchema) });
export type ImageSetPlan = z.output<typeof imageSetPlanSchema>;

const params = z.object({ imageSetId: idText });

const updateBody = z.strictObject({
  name: objectName(255).optional(),
  /** Null, as a set has it whose images differ, leaves theirs. */
  description: description.nullable().optional(),
});

const deprecateBody = z.strictObject({
  ...imageSetSelection,
  /** False restores the images. */
  deprecate: z.boolean().optional(),
  /** Another set: each image recommends the one of the same place and architecture, where there is one. */
  replacement: referenceInput(id).nullable().optional(),
  reason: reason.optional(),
});

const protectBody = z.strictObject({
  ...imageSetSelection,
  /** False ends the protection. */
  protect: z.boolean().optional(),
  reason: reason.optional(),
});

const copyBody = z.strictObject({
  ...imageSetSelection,
  /** Where the set is to be; where other sets of its line are, unless places are named. */
  places: z.array(cloudLocationSchema).min(1).max(100).optional(),
});

const addToRoleBody = z.strictObject({
  ...imageSetSelection,
  role: referenceInput(id),
  /** The version that the role must have, as If-Match names that of the set. */
  roleVersion: z.int().min(1).optional(),
  /** Also where the role has another image. */
  replace: z.boolean().optional(),
  /** With replace: deprecates what is replaced and of this scope, and recommends the new image. */
  deprecateOldImage: z.boolean().optional(),
  /** Of a place with images of several; unless it is named, the one that the role has elsewhere. */
  architecture: z.enum(architectures).optional(),
});

/** A query has no arrays: ids, separated by commas. */
const selectionQuery = z.strictObject({
  images: z
    .string()
    .transform((value) => value.split(','))
    .pipe(z.array(uuid).min(1).max(mostImages))
    .optional(),
  onRefusal: onRefusal.optional(),
});

const deletePreviewBody = z.strictObject({
  ...imageSetSelection,
  deleteFromCloud: z.boolean().optional(),
});

export const imageSetActOperations = {
  imageSetUpdate: operation({
    id: 'imageSetUpdate',
    method: 'PATCH',
    path: '/image-sets/{imageSetId}/',
    permission: 'images.manage',
    summary: 'Rename the Images of a set, or describe them.',
    params,
    // Beside the body, since what was read of a set can be sent back whole.
    query: selectionQuery,
    body: updateBody,
    response: imageSetSchema,
    meta: z.object({ results: z.array(imageSetResultSchema) }),
  }),
  imageSetDelete: operation({
    id: 'imageSetDelete',
    method: 'DELETE',
    path: '/image-sets/{imageSetId}/',
    permission: 'images.manage',
    summary: 'Delete the unused Images of a set; with deleteFromCloud also the machine images.',
    params,
    query: selectionQuery.extend({ deleteFromCloud: booleanText.optional() }),
    mayBeLater: true,
    response: imageSetActSchema,
  }),
  imageSetDeletePreview: operation({
    id: 'imageSetDeletePreview',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/preview-delete/',
    permission: 'view',
    summary: 'What deleting the Images of a set would concern; changes nothing.',
    params,
    body: deletePreviewBody,
    response: imageSetPlanSchema,
  }),
  imageSetDeprecate: operation({
    id: 'imageSetDeprecate',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/deprecate/',
    permission: 'images.manage',
    summary:
      'Deprecate the Images of a set, with a reason and a set to use instead; or restore them.',
    params,
    body: deprecateBody,
    response: imageSetActSchema,
  }),
  imageSetDeprecatePreview: operation({
    id: 'imageSetDeprecatePreview',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/preview-deprecate/',
    permission: 'view',
    summary: 'What deprecating or restoring the Images of a set would concern; changes nothing.',
    params,
    body: deprecateBody,
    response: imageSetPlanSchema,
  }),
  imageSetProtect: operation({
    id: 'imageSetProtect',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/protect/',
    permission: 'images.manage',
    summary:
      'Protect the Images of a set: nobody deletes them, and no policy touches them; or end that.',
    params,
    body: protectBody,
    response: imageSetActSchema,
  }),
  imageSetProtectPreview: operation({
    id: 'imageSetProtectPreview',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/preview-protect/',
    permission: 'view',
    summary: 'What protecting the Images of a set, or ending that, would concern; changes nothing.',
    params,
    body: protectBody,
    response: imageSetPlanSchema,
  }),
  imageSetCopy: operation({
    id: 'imageSetCopy',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/copy/',
    permission: 'images.manage',
    status: 201,
    summary: 'Copy the Images of a set to the places where it has none.',
    params,
    body: copyBody,
    response: imageSetActSchema,
  }),
  imageSetCopyPreview: operation({
    id: 'imageSetCopyPreview',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/preview-copy/',
    permission: 'view',
    summary: 'Which copies would be made of the Images of a set; changes nothing.',
    params,
    body: copyBody,
    response: imageSetPlanSchema,
  }),
  imageSetAddToRole: operation({
    id: 'imageSetAddToRole',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/add-to-role/',
    permission: 'roles.manage',
    summary: 'Add the Images of a set to a Role, in every place where it has none.',
    params,
    body: addToRoleBody,
    response: imageSetActSchema,
  }),
  imageSetAddToRolePreview: operation({
    id: 'imageSetAddToRolePreview',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/preview-add-to-role/',
    permission: 'view',
    summary: 'Which places of a Role the Images of a set would fill; changes nothing.',
    params,
    body: addToRoleBody,
    response: imageSetPlanSchema,
  }),
};

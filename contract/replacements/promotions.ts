import { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import { idText, uuid } from '../fields.ts';
import {
  imageSetActSchema,
  imageSetResultSchema,
  imageSetSelection,
} from '../image-sets/image-set-acts.ts';
import { architectures } from '../images/architectures.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { imageSchema } from '../images/images.ts';
import { operation } from '../operation.ts';
import { ownerSchema, placeFields, placeSchema } from '../images/places.ts';
import { planDigest } from '../plans.ts';
import { roleSchema } from '../roles/roles.ts';

/** An object of the target scope, or above it, that stands where the promoted one would go. */
const collisionSchema = z.object({
  type: z.enum(['image', 'role']),
  id: z.union([uuid, z.int()]),
  name: z.string(),
  ...placeFields,
  /** The moving object that meets it. */
  of: z.object({ type: z.enum(['image', 'role']), id: z.union([uuid, z.int()]), name: z.string() }),
  /** Whether `merge: true` settles it: so for the same cloud image, never for a role's name. */
  mergeable: z.boolean(),
  /** What settles it: `merge`, or another name for the role; nothing where the other one has to change first. */
  waysOut: z.array(z.enum(['merge', 'rename'])),
  /** Why `merge` does not settle it. */
  reason: z.string().optional(),
});
export type Collision = z.output<typeof collisionSchema>;

const namedScope = z.object({ id: z.int(), name: z.string(), accountId: z.int() });

/** An Image that stays where it is, below the scope that others move to. */
const leftBelow = z.object({
  id: uuid,
  name: z.string(),
  ...placeFields,
  cloudPlatform: z.enum(cloudPlatforms),
  cloudLocation: z.string(),
  architecture: z.enum(architectures),
  /** A registration of the same cloud image; otherwise an image of the same version that only that scope has. */
  sameCloudImage: z.boolean(),
});

/** What a promotion would do, before it is done. */
export const promotionPreviewSchema = verdictSchema.extend({
  /** To be sent back in `X-Plan-Digest` by who acts on it. */
  digest: planDigest,
  from: placeSchema,
  to: placeSchema,
  /** Who will newly see it; null to those who may not look at the scope that it goes to. */
  audience: z.object({ accounts: z.int(), environments: z.int() }).nullable(),
  /** Those of them that the caller may look at, by name: at most 20 of each. */
  newlySeenBy: z
    .object({ accounts: z.array(namedScope), environments: z.array(namedScope) })
    .nullable(),
  /** What the caller lacks, here or where it goes, and some of those who can give it, the nearest first. */
  missingRights: z.array(
    z.object({
      permission: z.enum(['images.manage', 'promote']),
      ...placeFields,
      ask: z.array(ownerSchema),
    }),
  ),
  /** For a Role: the Images that come along. */
  images: z.array(imageSchema),
  /** What the scopes below keep to themselves, and how much of that the caller may not see. */
  below: z.object({ images: z.array(leftBelow), hidden: z.int() }),
  collisions: z.array(collisionSchema),
});
export type PromotionPreview = z.output<typeof promotionPreviewSchema>;

/** What promoting a set would do, with `merge: true` unless told otherwise: a refused image is `skipped`, whatever `onRefusal` says. */
export const imageSetPromotionPreviewSchema = promotionPreviewSchema.extend({
  results: z.array(imageSetResultSchema),
});

const levels = ['account', 'user'] as const;
const body = z.strictObject({ merge: z.boolean().optional() });
const setParams = z.object({ imageSetId: idText });
const imageParams = z.object({ imageId: uuid });
const roleParams = z.object({ roleId: idText });

export const promotionOperations = {
  imagePromotePreview: operation({
    id: 'imagePromotePreview',
    method: 'POST',
    path: '/images/{imageId}/actions/preview-promote/',
    levels,
    permission: 'view',
    summary: 'What promoting an Image would do; changes nothing.',
    params: imageParams,
    response: promotionPreviewSchema,
  }),
  imagePromote: operation({
    id: 'imagePromote',
    method: 'POST',
    path: '/images/{imageId}/actions/promote/',
    levels,
    permission: 'images.manage',
    writesAbove: true,
    summary: 'Move an Image one scope up.',
    params: imageParams,
    body,
    response: imageSchema,
  }),
  imageSetPromotePreview: operation({
    id: 'imageSetPromotePreview',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/preview-promote/',
    levels,
    permission: 'view',
    summary: 'What promoting the Images of a set would do; changes nothing.',
    params: setParams,
    body: body.extend(imageSetSelection),
    response: imageSetPromotionPreviewSchema,
  }),
  imageSetPromote: operation({
    id: 'imageSetPromote',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/promote/',
    levels,
    permission: 'images.manage',
    writesAbove: true,
    summary: 'Move the Images of a set one scope up.',
    params: setParams,
    body: body.extend(imageSetSelection),
    response: imageSetActSchema,
  }),
  rolePromotePreview: operation({
    id: 'rolePromotePreview',
    method: 'POST',
    path: '/roles/{roleId}/actions/preview-promote/',
    levels,
    permission: 'view',
    summary: 'What promoting a Role and its Images would do; changes nothing.',
    params: roleParams,
    response: promotionPreviewSchema,
  }),
  rolePromote: operation({
    id: 'rolePromote',
    method: 'POST',
    path: '/roles/{roleId}/actions/promote/',
    levels,
    permission: 'images.manage',
    writesAbove: true,
    summary: 'Move a Role one scope up, with its Images.',
    params: roleParams,
    body,
    response: roleSchema,
  }),
};

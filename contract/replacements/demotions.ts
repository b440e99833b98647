import { z } from 'zod';
import { id, idText, uuid } from '../fields.ts';
import {
  imageSetActSchema,
  imageSetResultSchema,
  imageSetSelection,
} from '../image-sets/image-set-acts.ts';
import { imageSchema } from '../images/images.ts';
import { placeSchema } from '../images/places.ts';
import { operation } from '../operation.ts';
import { planSchema } from '../plans.ts';
import { roleSchema } from '../roles/roles.ts';

/** Where something goes, one scope down: from Corporate to an account, from an account to one of its environments. */
const target = { accountId: id.optional(), envId: id.optional() };
const body = z.strictObject(target);
const setBody = z.strictObject({ ...target, ...imageSetSelection });
const roleBody = z.strictObject({
  ...target,
  /** Its Images that come along; those of its scope that nothing else needs, unless they are named. */
  images: z.array(uuid).max(500).optional(),
});

/** What a demotion would do, before it is done; `blockers` are what would no longer see it. */
export const demotionPreviewSchema = planSchema.extend({
  from: placeSchema,
  to: placeSchema,
  /** For a Role: the Images that come along. */
  images: z.array(imageSchema),
});
export type DemotionPreview = z.output<typeof demotionPreviewSchema>;

const levels = ['global', 'account'] as const;
const imageParams = z.object({ imageId: uuid });
const roleParams = z.object({ roleId: idText });
const setParams = z.object({ imageSetId: idText });

export const demotionOperations = {
  imageDemotePreview: operation({
    id: 'imageDemotePreview',
    method: 'POST',
    path: '/images/{imageId}/actions/preview-demote/',
    levels,
    permission: 'view',
    summary: 'What moving an Image one scope down would do; changes nothing.',
    params: imageParams,
    body,
    response: demotionPreviewSchema,
  }),
  imageDemote: operation({
    id: 'imageDemote',
    method: 'POST',
    path: '/images/{imageId}/actions/demote/',
    levels,
    permission: 'promote',
    summary: 'Move an Image one scope down, where nothing outside needs it.',
    params: imageParams,
    body,
    response: imageSchema,
  }),
  imageSetDemotePreview: operation({
    id: 'imageSetDemotePreview',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/preview-demote/',
    levels,
    permission: 'view',
    summary: 'What moving the Images of a set one scope down would do; changes nothing.',
    params: setParams,
    body: setBody,
    response: demotionPreviewSchema.extend({ results: z.array(imageSetResultSchema) }),
  }),
  imageSetDemote: operation({
    id: 'imageSetDemote',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/demote/',
    levels,
    permission: 'promote',
    summary: 'Move the Images of a set one scope down, where nothing outside needs them.',
    params: setParams,
    body: setBody,
    response: imageSetActSchema,
  }),
  roleDemotePreview: operation({
    id: 'roleDemotePreview',
    method: 'POST',
    path: '/roles/{roleId}/actions/preview-demote/',
    levels,
    permission: 'view',
    summary: 'What moving a Role and its Images one scope down would do; changes nothing.',
    params: roleParams,
    body: roleBody,
    response: demotionPreviewSchema,
  }),
  roleDemote: operation({
    id: 'roleDemote',
    method: 'POST',
    path: '/roles/{roleId}/actions/demote/',
    levels,
    permission: 'promote',
    summary: 'Move a Role one scope down, with its Images, where nothing outside needs them.',
    params: roleParams,
    body: roleBody,
    response: roleSchema,
  }),
};

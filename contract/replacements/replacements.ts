import { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import { booleanText, id, idText, reason, scopeSchema, time, uuid } from '../fields.ts';
import { burnDownPointSchema } from '../farms/burn-down-points.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { planDigest } from '../plans.ts';
import { listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { placeFields, placeSchema, roleScopeIdentitySchema } from '../images/places.ts';
import {
  farmOnOldSchema,
  namedPlace,
  pairedImage,
  placedImage,
  replaceImageSchema,
  roleInShort,
} from './replacement-members.ts';
import { scopes } from '../scope.ts';
import { planWishSchema, storedPlanSchema } from './replacement-plans.ts';

export { type ReplaceImage, replaceImageSchema } from './replacement-members.ts';

const rolePlanSchema = roleInShort.extend({
  /** It holds another registration of the old cloud image, and is taken along. */
  otherRegistration: z.boolean(),
  outcome: z.enum(['change', 'skip']),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  farms: z.int(),
  servers: z.int(),
});

export const replacementPreviewSchema = verdictSchema.extend({
  /** To be sent back in `X-Plan-Digest` by who acts on it. */
  digest: planDigest,
  oldImage: placedImage,
  newImage: placedImage,
  reach: z.array(scopeSchema),
  /** At most 200, those that cannot change first; `counts` are whole. */
  roles: z.array(rolePlanSchema),
  /** At most 200, most servers first. */
  farms: z.array(farmOnOldSchema),
  counts: z.object({ change: z.int(), skip: z.int(), farms: z.int(), servers: z.int() }),
  /** Roles that still use the old image outside the reach. */
  outsideReach: z.object({ roles: z.int() }),
  /** Roles in reach that hold another registration of the old cloud image and keep it; at most 200 are listed. */
  otherRegistrations: z.object({ roles: z.int(), items: z.array(roleInShort) }),
  deprecateOldImage: verdictSchema,
  /** True when every role held the new image there before: the roll-back by hand. */
  returnsToEarlierImage: z.boolean(),
});
export type ReplacementPreview = z.output<typeof replacementPreviewSchema>;

/** `rolledBack`: nothing of it is left to restore. `expired`: planned a day ago, and not applied since. */
export const replacementStates = [
  'planned',
  'applied',
  'rolledBack',
  'cancelled',
  'expired',
] as const;
export type ReplacementState = (typeof replacementStates)[number];

/** One image in the place of another. */
const pairSchema = z.object({
  oldImage: pairedImage,
  newImage: pairedImage,
  deprecatedOldImage: z.boolean(),
  /** Roles that it changed, of those that the viewer may see. */
  roles: z.int(),
});

/** One replacement, planned or carried out, and what is left of the old images now. */
export const replacementSchema = z.object({
  id: uuid,
  ...placeFields,
  state: z.enum(replacementStates),
  /** When it was carried out; of a plan, when it was made or last changed. */
  at: time,
  by: z.string(),
  reason: z.string().nullable(),
  /** Of one that was planned first; null otherwise. */
  planned: z
    .object({
      at: time,
      by: z.string(),
      expiresAt: time,
      /** What `X-Revision` was then. */
      revision: z.string(),
    })
    .nullable(),
  reach: z.array(scopeSchema),
  /** By platform, location and architecture. */
  pairs: z.array(pairSchema),
  /** Of the first pair. */
  oldImage: placedImage,
  newImage: placedImage,
  deprecatedOldImage: z.boolean(),
  roles: z.int(),
  /** Servers that run an old image, in the roles that changed. */
  serversOnOldImage: z.int(),
  /** Of these, those whose role has another image now. */
  staleServers: z.int(),
  farmsOnOldImage: z.int(),
  /** With `include=burnDown`: servers on its old images that are old, since it was made; at most 26. */
  burnDown: z.array(burnDownPointSchema).optional(),
  rollsBack: z.object({ id: uuid }).nullable(),
  /** The roll-back after which nothing was left to restore. */
  rolledBackBy: z.object({ id: uuid }).nullable(),
  /** All that rolled some of it back, oldest first. */
  rollBacks: z.array(
    z.object({ id: uuid, at: time, by: z.string(), complete: z.boolean(), roles: z.int() }),
  ),
  /** Rises as the plan is changed, applied, cancelled, and rolled back; `If-Match` may name it. */
  version: z.int(),
});
export type Replacement = z.output<typeof replacementSchema>;

const rollBackRoleSchema = z.object({
  id: z.int(),
  name: z.string(),
  ...placeSchema.shape,
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  oldImage: placedImage,
  newImage: placedImage,
  /** What the role has there now; `otherImage` is in `currentImage`. */
  now: z.enum(['newImage', 'oldImage', 'otherImage', 'noImage', 'deleted']),
  currentImage: imageInShort.pick({ id: true, name: true }).nullable(),
  /** The roll-back that restored it. */
  restoredBy: z.object({ id: uuid }).nullable(),
  /** `restore`, or `conflict` when the role was edited since: shown and left alone. */
  outcome: z.enum(['restore', 'conflict']),
  reason: z.string().nullable(),
});

/** What a roll-back would do. */
const rollBackSchema = verdictSchema.extend({
  /** To be sent back in `X-Plan-Digest` by who rolls it back. */
  digest: planDigest,
  restore: z.int(),
  conflicts: z.int(),
});

/** One replacement with its roles and farms, what it would do, and what rolling it back would do. */
export const replacementDetailSchema = replacementSchema.extend({
  /** Of the servers on an old image, those that were launched on it before and have not come up yet. */
  startingServers: z.int(),
  /** At most 1000, conflicts first; `rollBack` counts them all. */
  roleList: z.array(rollBackRoleSchema),
  farmList: z.array(farmOnOldSchema),
  rollBack: rollBackSchema,
  /** What was wished for, of one that was planned first; null otherwise. */
  wish: planWishSchema.nullable(),
  /** Of a plan that can still be applied, or is too old to be; null once applied or cancelled. */
  plan: storedPlanSchema.nullable(),
});
export type ReplacementDetail = z.output<typeof replacementDetailSchema>;

/** Which part of a replacement to roll back; all of it unless said. */
export const rollBackBody = z.strictObject({
  reason: reason.optional(),
  /** Only these roles. */
  roles: z.array(id).min(1, 'must name a role').max(10_000).optional(),
  /** Only in these places. */
  places: z.array(namedPlace).min(1, 'must name a place').max(500).optional(),
});
export type RollBackPart = z.output<typeof rollBackBody>;

const stateList = z
  .string()
  .transform((value) => value.split(',').filter((part) => part !== ''))
  .pipe(z.array(z.enum(replacementStates, `may name ${replacementStates.join(', ')}`)).min(1));

const imageParams = z.object({ imageId: uuid });
const params = z.object({ replacementId: uuid });
const resultMeta = z.object({
  replacement: z.object({ id: uuid }).nullable(),
  /** Roles that still use the old image outside the reach. */
  outsideReach: z.object({ roles: z.int() }),
  /** Roles in reach that keep another registration of the old cloud image. */
  otherRegistrations: z.object({ roles: z.int() }),
});

export const replacementOperations = {
  imageReplacePreview: operation({
    id: 'imageReplacePreview',
    method: 'POST',
    path: '/images/{imageId}/actions/preview-replace/',
    permission: 'view',
    summary: 'What replacing an Image would change; changes nothing.',
    params: imageParams,
    body: replaceImageSchema,
    response: replacementPreviewSchema,
  }),
  imageReplace: operation({
    id: 'imageReplace',
    method: 'POST',
    path: '/images/{imageId}/actions/replace/',
    permission: 'replace',
    summary: 'Replace an Image with another in every Role in reach.',
    params: imageParams,
    body: replaceImageSchema,
    response: z.array(roleScopeIdentitySchema),
    meta: resultMeta,
  }),
  replacementList: list({
    id: 'replacementList',
    path: '/replacements/',
    summary:
      'Replacements made at and below this scope, and those above it that changed a Role seen here; newest first.',
    query: listQuery({
      filters: {
        /** Part of the name or the cloud image id of an image on either side. */
        query: searchQuery.optional(),
        oldImage: uuid.optional(),
        newImage: uuid.optional(),
        /** Either side. */
        image: uuid.optional(),
        /** A set with an image on either side. */
        imageSet: idText.optional(),
        /** The line of an image on either side. */
        line: searchText.optional(),
        /** A role that it changed. */
        role: idText.optional(),
        /** A farm with a role that it changed. */
        farm: idText.optional(),
        /** Where it was made; also a scope below that of the request. */
        scope: z.enum(scopes).optional(),
        /** The e-mail address of who planned or made it. */
        by: searchText.optional(),
        /** A comma list; `applied,rolledBack` unless said: what was carried out. */
        state: stateList.optional(),
        cloudPlatform: z.enum(cloudPlatforms).optional(),
        cloudLocation: searchText.optional(),
        rolledBack: booleanText.optional(),
      },
      sorts: ['at'],
      includes: ['total', 'burnDown'],
    }),
    response: z.array(replacementSchema),
  }),
  replacementGet: read({
    id: 'replacementGet',
    path: '/replacements/{replacementId}/',
    summary: 'One replacement, what is still on its old image, and what rolling it back would do.',
    params,
    response: replacementDetailSchema,
  }),
  replacementRollBackPreview: operation({
    id: 'replacementRollBackPreview',
    method: 'POST',
    path: '/replacements/{replacementId}/actions/preview-roll-back/',
    permission: 'view',
    summary: 'What rolling back some or all of a replacement would restore; changes nothing.',
    params,
    body: rollBackBody,
    response: rollBackSchema.extend({
      /** At most 1000, conflicts first. */
      roleList: z.array(rollBackRoleSchema),
    }),
  }),
  replacementRollBack: operation({
    id: 'replacementRollBack',
    method: 'POST',
    path: '/replacements/{replacementId}/actions/roll-back/',
    permission: 'replace',
    summary: 'Restore exactly what one replacement changed; roles edited since are left alone.',
    params,
    body: rollBackBody,
    response: z.array(roleScopeIdentitySchema),
    meta: z.object({ replacement: z.object({ id: uuid }).nullable(), conflicts: z.int() }),
  }),
};

import { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import { booleanText, reason, referenceInput, scopeSchema, time, uuid } from '../fields.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { planDigest } from '../plans.ts';
import { listQuery, searchQuery } from '../list.ts';
import { operation } from '../operation.ts';
import {
  ownerSchema,
  placeFields,
  placeSchema,
  roleScopeIdentitySchema,
} from '../images/places.ts';

/** What to put where, how far, and what to do with roles that cannot take it (docs/domain.md, "Replacement"). */
export const replaceImageSchema = z.strictObject({
  newImage: referenceInput(uuid),
  deprecateOldImage: z.boolean().optional(),
  /** Scopes whose roles change; a lower scope needs the higher ones. Default: the level's own. */
  scope: z.array(scopeSchema).min(1, 'must name a scope').max(3).optional(),
  /** What happens when a role in reach cannot take the new image. Default `refuse`: nothing changes. */
  onIncompatible: z.enum(['refuse', 'skip']).optional(),
  allowArchitectureChange: z.boolean().optional(),
  /** Roles in reach that hold another registration of the same cloud image change too. Default: they keep it. */
  otherRegistrations: z.boolean().optional(),
  reason: reason.optional(),
});
export type ReplaceImage = z.output<typeof replaceImageSchema>;

const placedImage = imageInShort.extend({ cloudPlatform: z.string(), cloudLocation: z.string() });

const roleInShort = z.object({ id: z.int(), name: z.string(), ...placeSchema.shape });

const rolePlanSchema = roleInShort.extend({
  /** It holds another registration of the old cloud image, and is taken along. */
  otherRegistration: z.boolean(),
  outcome: z.enum(['change', 'skip']),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  farms: z.int(),
  servers: z.int(),
});

/** A farm with servers that stay on the old image until they are relaunched. */
const farmOnOldSchema = z.object({
  id: z.int(),
  name: z.string(),
  owner: ownerSchema,
  accountId: z.int(),
  envId: z.int(),
  envName: z.string(),
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

/** One replacement as it was carried out, and what is left of the old image now. */
export const replacementSchema = z.object({
  id: uuid,
  ...placeFields,
  at: time,
  by: z.string(),
  reason: z.string().nullable(),
  reach: z.array(scopeSchema),
  oldImage: placedImage,
  newImage: placedImage,
  deprecatedOldImage: z.boolean(),
  roles: z.int(),
  /** Servers that run the old image, in the roles that changed. */
  serversOnOldImage: z.int(),
  /** Of these, those whose role has another image now. */
  staleServers: z.int(),
  farmsOnOldImage: z.int(),
  rollsBack: z.object({ id: uuid }).nullable(),
  rolledBackBy: z.object({ id: uuid }).nullable(),
  /** 1, and 2 once it has been rolled back; `If-Match` may name it. */
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
  /** `restore`, or `conflict` when the role was edited since: shown and left alone. */
  outcome: z.enum(['restore', 'conflict']),
  reason: z.string().nullable(),
});

/** One replacement with its roles and farms, and what rolling it back would do. */
export const replacementDetailSchema = replacementSchema.extend({
  roleList: z.array(rollBackRoleSchema),
  farmList: z.array(farmOnOldSchema),
  /** `digest` is to be sent back in `X-Plan-Digest` by who rolls it back. */
  rollBack: verdictSchema.extend({ digest: planDigest, restore: z.int(), conflicts: z.int() }),
});

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
  replacementList: operation({
    id: 'replacementList',
    method: 'GET',
    path: '/replacements/',
    permission: 'view',
    kind: 'list',
    summary:
      'Replacements made at and below this scope, and those above it that changed a Role seen here; newest first.',
    query: listQuery({
      filters: {
        /** Part of the name or the cloud image id of either image. */
        query: searchQuery.optional(),
        oldImage: uuid.optional(),
        newImage: uuid.optional(),
        /** Either side. */
        image: uuid.optional(),
        rolledBack: booleanText.optional(),
      },
      sorts: ['at'],
      includes: ['total'],
    }),
    response: z.array(replacementSchema),
  }),
  replacementGet: operation({
    id: 'replacementGet',
    method: 'GET',
    path: '/replacements/{replacementId}/',
    permission: 'view',
    summary: 'One replacement, what is still on its old image, and what rolling it back would do.',
    params,
    response: replacementDetailSchema,
  }),
  replacementRollBack: operation({
    id: 'replacementRollBack',
    method: 'POST',
    path: '/replacements/{replacementId}/actions/roll-back/',
    permission: 'replace',
    summary: 'Restore exactly what one replacement changed; roles edited since are left alone.',
    params,
    body: z.strictObject({ reason: reason.optional() }),
    response: z.array(roleScopeIdentitySchema),
    meta: z.object({ replacement: z.object({ id: uuid }).nullable(), conflicts: z.int() }),
  }),
};

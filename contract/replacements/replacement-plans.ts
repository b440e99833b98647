import { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import { id, referenceInput, scopeSchema, uuid } from '../fields.ts';
import { ownerSchema } from '../images/places.ts';
import { planDifferenceSchema, planDigest } from '../plans.ts';
import {
  farmOnOldSchema,
  pairedImage,
  replaceOptions,
  roleInShort,
} from './replacement-members.ts';

/** The new side of a replacement, and what is paired by hand. */
const newSide = {
  newImage: referenceInput(uuid).optional(),
  /** Its images are paired with the old ones by platform, location and architecture. */
  newImageSet: referenceInput(id).optional(),
  /** Instead of what is paired by place; null leaves an old image as it is. */
  pairs: z
    .array(
      z.strictObject({
        oldImage: referenceInput(uuid),
        newImage: referenceInput(uuid).nullable(),
      }),
    )
    .max(500, 'must have at most 500 pairs')
    .optional(),
};

/** What to replace with what: an image or a set with an image or a set, or pairs alone. */
export const planReplacementSchema = z.strictObject({
  oldImage: referenceInput(uuid).optional(),
  oldImageSet: referenceInput(id).optional(),
  ...newSide,
  ...replaceOptions,
});
export type PlanReplacement = z.output<typeof planReplacementSchema>;

/**
 * The same for the images of a set that the path names, or for a plan that is changed: there, what is left out
 * stays as it is, and `pairs: []` takes back what was paired by hand.
 */
export const replaceImageSetSchema = z.strictObject({ ...newSide, ...replaceOptions });

const refused = {
  /** An error code (contract/errors.ts); null where nothing stands against it. */
  code: z.string().nullable(),
  reason: z.string().nullable(),
};

const pairPlanSchema = z.object({
  oldImage: pairedImage,
  newImage: pairedImage,
  byHand: z.boolean(),
  /** `skip`: none of its roles can change, or the two images do not go together. */
  outcome: z.enum(['change', 'skip']),
  ...refused,
  /** Roles that change. */
  roles: z.int(),
  /** Roles in reach that cannot. */
  skipped: z.int(),
  /** Roles in reach that have the new image there already. */
  alreadyNew: z.int(),
  /** Roles of higher scopes, used here, that keep the old image. */
  inheritedRoles: z.int(),
  deprecateOldImage: verdictSchema,
});

/** A place of the old side that has nothing on the new side: its roles keep the old image. */
const holeSchema = z.object({
  image: pairedImage,
  /** Left out by hand (`newImage: null`). */
  byHand: z.boolean(),
  /** Roles in reach that keep the old image there. */
  roles: z.int(),
});

const rolePlanSchema = roleInShort.extend({
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  oldImage: z.object({ id: uuid, name: z.string() }),
  newImage: z.object({ id: uuid, name: z.string() }),
  /** It holds another registration of the old cloud image, and is taken along. */
  otherRegistration: z.boolean(),
  outcome: z.enum(['change', 'skip']),
  ...refused,
  farms: z.int(),
  /** Live servers on the old image. */
  servers: z.int(),
});

/** What would start on the new images, and what stays on the old ones until it is relaunched. */
const blastRadiusSchema = z.object({
  /** Farms whose next servers start on a new image. */
  farms: z.int(),
  farmRoles: z.int(),
  environments: z.int(),
  /** Live servers that stay on an old image until they are relaunched; suspended ones among them. */
  servers: z.int(),
  suspendedServers: z.int(),
  /** Of these, those that were launched before and start on the old image yet. */
  startingServers: z.int(),
  /** Whom it concerns, most servers first; at most 200. */
  owners: z.array(
    z.object({
      accountId: z.int(),
      accountName: z.string(),
      envId: z.int(),
      envName: z.string(),
      owner: ownerSchema,
      farms: z.int(),
      servers: z.int(),
      suspendedServers: z.int(),
      startingServers: z.int(),
    }),
  ),
  /** Most servers first; at most 200. */
  farmList: z.array(
    farmOnOldSchema.extend({
      farmRoles: z.int(),
      suspendedServers: z.int(),
      startingServers: z.int(),
    }),
  ),
});

/** Somebody who may apply a plan. */
const ableSchema = z.object({ id: z.int(), name: z.string(), email: z.string() });

/** What a replacement would do now, over all its pairs; `allowed` says whether the caller may apply it here. */
export const replacementPlanSchema = verdictSchema.extend({
  /** To be sent back in `X-Plan-Digest` by who acts on it. */
  digest: planDigest,
  reach: z.array(scopeSchema),
  pairs: z.array(pairPlanSchema),
  holes: z.array(holeSchema),
  /** At most 200, those that cannot change first; `counts` are whole. */
  roles: z.array(rolePlanSchema),
  counts: z.object({
    /** Role images that change, and those that cannot; a role counts once for each place. */
    change: z.int(),
    skip: z.int(),
    /** Roles with something that changes. */
    roles: z.int(),
  }),
  blastRadius: blastRadiusSchema,
  /** Role images below this scope, out of reach, that keep an old image. */
  outsideReach: z.object({ roles: z.int() }),
  /** Role images in reach that hold another registration of an old cloud image and keep it. */
  otherRegistrations: z.object({ roles: z.int(), items: z.array(roleInShort) }),
  /** Role images of higher scopes, used here, that keep an old image. */
  inheritedRoles: z.object({ roles: z.int() }),
  /** Old images that would be deprecated. */
  deprecates: z.int(),
  /** True when every role that changes held its new image there before: the roll-back by hand. */
  returnsToEarlierImage: z.boolean(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type ReplacementPlan = z.output<typeof replacementPlanSchema>;

/** What somebody who plans wishes for; sent again, it is planned anew. */
export const planWishSchema = z.object({
  oldImage: z.object({ id: uuid }).optional(),
  oldImageSet: z.object({ id: z.int() }).optional(),
  newImage: z.object({ id: uuid }).optional(),
  newImageSet: z.object({ id: z.int() }).optional(),
  pairs: z
    .array(
      z.object({ oldImage: z.object({ id: uuid }), newImage: z.object({ id: uuid }).nullable() }),
    )
    .optional(),
  deprecateOldImage: z.boolean().optional(),
  scope: z.array(scopeSchema).optional(),
  onIncompatible: z.enum(['refuse', 'skip']).optional(),
  allowArchitectureChange: z.boolean().optional(),
  otherRegistrations: z.boolean().optional(),
  reason: z.string().optional(),
});
export type PlanWish = z.output<typeof planWishSchema>;

/** A stored plan: what it would do now, and what is otherwise than when it was made. */
export const storedPlanSchema = replacementPlanSchema.extend({
  /** Whether the caller may change it here or give it up: its author may, and who may replace. */
  change: verdictSchema,
  /** Null while it would do what it would have done when it was planned. */
  changedSince: planDifferenceSchema.nullable(),
  /** Users who may apply it, those with a role nearest to its scope first; at most 20. */
  whoCan: z.object({ total: z.int(), users: z.array(ableSchema) }),
});
export type StoredPlan = z.output<typeof storedPlanSchema>;

/** What became of each pair when a set was replaced. */
export const pairResultSchema = z.object({
  oldImage: z.object({ id: uuid, name: z.string() }),
  newImage: z.object({ id: uuid, name: z.string() }).nullable(),
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  /** `hole`: the new set has nothing there. */
  outcome: z.enum(['change', 'skip', 'hole']),
  ...refused,
  roles: z.int(),
});

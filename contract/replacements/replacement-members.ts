import { z } from 'zod';
import { reason, reference, referenceInput, scopeSchema, uuid } from '../fields.ts';
import { architectures } from '../images/architectures.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { ownerSchema, placeSchema } from '../images/places.ts';

// What replacements, their plans and their previews have in common.

/** How far a replacement goes, and what to do with roles that cannot take the new image. */
export const replaceOptions = {
  deprecateOldImage: z.boolean().optional(),
  /** Scopes whose roles change; a lower scope needs the higher ones. Default: the level's own. */
  scope: z.array(scopeSchema).min(1, 'must name a scope').max(3).optional(),
  /** What happens when something in reach cannot be replaced. Default `refuse`: nothing changes. */
  onIncompatible: z.enum(['refuse', 'skip']).optional(),
  allowArchitectureChange: z.boolean().optional(),
  /** Roles in reach that hold another registration of the same cloud image change too. Default: they keep it. */
  otherRegistrations: z.boolean().optional(),
  reason: reason.optional(),
};

/** What to put where, how far, and what to do with roles that cannot take it (docs/domain.md, "Replacement"). */
export const replaceImageSchema = z.strictObject({
  newImage: referenceInput(uuid),
  ...replaceOptions,
});
export type ReplaceImage = z.output<typeof replaceImageSchema>;

export const placedImage = imageInShort.extend({
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
});

/** An image as a pair or a hole shows it. */
export const pairedImage = placedImage.extend({
  architecture: z.enum(architectures),
  /** The set that it is of; null once it is deleted. */
  imageSet: reference(z.int()).nullable(),
});
export type PairedImage = z.output<typeof pairedImage>;

export const roleInShort = z.object({ id: z.int(), name: z.string(), ...placeSchema.shape });

/** A farm with servers that stay on the old image until they are relaunched. */
export const farmOnOldSchema = z.object({
  id: z.int(),
  name: z.string(),
  owner: ownerSchema,
  accountId: z.int(),
  accountName: z.string(),
  envId: z.int(),
  envName: z.string(),
  servers: z.int(),
});

/** A place as a body names it; '' where the cloud's images have no location. */
export const namedPlace = z.strictObject({
  cloudPlatform: z.string().max(50),
  cloudLocation: z.string().max(255),
});

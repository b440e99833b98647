import { z } from 'zod';
import { scopeSchema } from '../fields.ts';

/** Where an object lives, with names for people: the members that say so on every scoped resource. */
export const placeFields = {
  scope: scopeSchema,
  accountId: z.int().nullable(),
  envId: z.int().nullable(),
};

/** A scope spelled out with its names. */
export const placeSchema = z.object({
  ...placeFields,
  accountName: z.string().nullable(),
  envName: z.string().nullable(),
});
export type Place = z.infer<typeof placeSchema>;

/** What changed, in the words that Scalr's clients expect: which object, and where it lives. */
export const roleScopeIdentitySchema = z.object({ id: z.int(), ...placeFields });

/** A user as shown beside what they own. */
export const ownerSchema = z.object({ id: z.int(), name: z.string(), email: z.string() });

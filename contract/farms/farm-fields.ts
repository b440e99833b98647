import { z } from 'zod';
import { bounded, text } from '../fields.ts';

/**
 * A reference in a body: `{ "id": 5 }`, bare `5`, or the whole object as it was read, of which only the
 * id counts. So what was read can be sent back.
 */
export function referenceAsRead<Id extends z.ZodType>(idSchema: Id) {
  return z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null
        ? { id: (value as { id?: unknown }).id }
        : { id: value },
    z.strictObject({ id: idSchema }),
  );
}

/** The name of a time zone as the IANA keeps them, such as `Europe/Berlin`. */
export const timezone = bounded(100).refine(isTimezone, 'must be a time zone such as UTC');

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** In which order a farm's roles are launched. Scalr spells the first one so, and its clients match it. */
export const launchOrders = ['simulatenous', 'sequential'] as const;
export const launchOrder = z.preprocess(
  (value) => (value === 'simultaneous' ? 'simulatenous' : value),
  z.enum(launchOrders),
);

/** Name of a farm role in its farm. */
export const alias = text(100).regex(
  /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  'may have letters, digits and dashes only, and must start and end with a letter or a digit',
);

const typeName = text(100).regex(/^\S*$/, 'must not have spaces');

/** A type of server, by name or as `{ "id": "m7g.large" }`; `''` while it is not known. */
export const instanceTypeInput = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value),
  typeName,
);

const instances = z
  .int('must be a whole number')
  .min(0, 'must be from 0 to 400')
  .max(400, 'must be from 0 to 400');

export const scalingSchema = z.object({
  enabled: z.boolean(),
  minInstances: instances,
  maxInstances: instances,
});
export const scalingInput = z.strictObject({
  enabled: z.boolean().optional(),
  minInstances: instances.optional(),
  maxInstances: instances.optional(),
});

/** Scalr's words for where servers run; the kind of the configuration follows from the platform. */
export const placementSchema = z.object({
  placementConfigurationType: z.string().nullable(),
  region: z.string(),
});
export const region = text(255, 1).regex(/^\S+$/, 'must not have spaces');
export const placementInput = z.strictObject({
  placementConfigurationType: z.string().max(100).nullable().optional(),
  region,
});

/** Scalr's words for what servers run on. */
export const instanceSchema = z.object({
  instanceConfigurationType: z.string().nullable(),
  instanceType: z.object({ id: z.string() }),
});
export const instanceInput = z.strictObject({
  instanceConfigurationType: z.string().max(100).nullable().optional(),
  instanceType: instanceTypeInput,
});

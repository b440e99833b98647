import { z } from 'zod';

// What LXD and Incus answer, as far as it is read here: "REST API" of the LXD documentation.

/** Around every answer. */
export const envelopeSchema = z.object({
  type: z.enum(['sync', 'async', 'error']),
  error: z.string().default(''),
  error_code: z.int().default(0),
  metadata: z.unknown(),
});
export type Envelope = z.output<typeof envelopeSchema>;

/** Something that goes on in the background. LXD forgets it 5 s after its end. */
export const operationSchema = z.object({
  id: z.string(),
  /** In English, the same in every release: `Starting instance`. */
  description: z.string(),
  /** Below 200 it goes on; 200 is success. */
  status_code: z.int(),
  err: z.string(),
  resources: z.record(z.string(), z.array(z.string()).nullable()).nullable(),
});
export type LxdOperation = z.output<typeof operationSchema>;

/** By their state, such as `running`. */
export const operationsSchema = z.record(z.string(), z.array(operationSchema));

const addressSchema = z.object({ family: z.string(), address: z.string(), scope: z.string() });

const networksSchema = z.record(z.string(), z.object({ addresses: z.array(addressSchema) }));

export const instanceSchema = z.object({
  name: z.string(),
  status: z.string(),
  /** It is deleted as soon as it stops. */
  ephemeral: z.boolean(),
  config: z.record(z.string(), z.string()),
  /** When it was last started; long ago if never. */
  last_used_at: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  state: z.object({ network: networksSchema.nullable() }).nullish(),
});
export type LxdInstance = z.output<typeof instanceSchema>;

export const imageSchema = z.object({
  fingerprint: z.string(),
  properties: z.record(z.string(), z.string()).nullable(),
  aliases: z.array(z.object({ name: z.string() })).nullish(),
});
export type LxdImage = z.output<typeof imageSchema>;

export const aliasSchema = z.object({ name: z.string(), target: z.string() });

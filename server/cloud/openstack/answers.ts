import { z } from 'zod';
import { CloudError } from '../call.ts';

// What of the answers of OpenStack's services is used here.

export const imageSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  status: z.string(),
  os_hidden: z.boolean().default(false),
  protected: z.boolean().default(false),
  owner: z.string().nullish(),
  size: z.number().nullish(),
  /** Of the disk that is in the file, in bytes, where Glance has looked. */
  virtual_size: z.number().nullish(),
  created_at: z.coerce.date(),
  updated_at: z.coerce.date(),
  disk_format: z.string().nullish(),
  container_format: z.string().nullish(),
  min_disk: z.number().default(0),
  min_ram: z.number().default(0),
  architecture: z.string().optional(),
  hw_architecture: z.string().optional(),
  /** Set while an import goes on. */
  os_glance_import_task: z.string().optional(),
  /** Set once an import has begun, until it has succeeded. */
  os_glance_importing_to_stores: z.string().optional(),
  /** Where an import failed, separated by commas. */
  os_glance_failed_import: z.string().optional(),
});
export type GlanceImage = z.output<typeof imageSchema>;

export const imagesSchema = z.object({
  images: z.array(imageSchema),
  next: z.string().optional(),
});

export const importMethodsSchema = z.object({
  'import-methods': z.object({ value: z.array(z.string()) }),
});

/** Some times of Nova's have no zone; all are UTC. */
const utcTime = z
  .string()
  .transform((text) => new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`));

const addressSchema = z.object({
  addr: z.string(),
  'OS-EXT-IPS:type': z.enum(['fixed', 'floating']).default('fixed'),
});

export const serverSchema = z.object({
  id: z.string(),
  status: z.string(),
  created: z.coerce.date(),
  /** '' where it was started from a volume. */
  image: z.union([z.object({ id: z.string() }), z.literal('')]).nullish(),
  addresses: z.record(z.string(), z.array(addressSchema)).default({}),
  metadata: z.record(z.string(), z.string()).default({}),
  /** Why it failed. */
  fault: z.object({ message: z.string() }).optional(),
  'OS-EXT-STS:task_state': z.string().nullish(),
  'OS-SRV-USG:launched_at': utcTime.nullish(),
});
export type NovaServer = z.output<typeof serverSchema>;

export const oneServerSchema = z.object({ server: serverSchema });
/** Of a creation, which says nothing else. */
export const madeServerSchema = z.object({ server: z.object({ id: z.string() }) });
export const serversSchema = z.object({
  servers: z.array(serverSchema),
  servers_links: z.array(z.object({ rel: z.string() })).default([]),
});

export const serverGroupsSchema = z.object({
  server_groups: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      members: z.array(z.string()).default([]),
      metadata: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

export const flavorsSchema = z.object({
  flavors: z.array(z.object({ id: z.string(), name: z.string() })),
  flavors_links: z.array(z.object({ rel: z.string() })).default([]),
});

export const serverActionsSchema = z.object({
  instanceActions: z.array(z.object({ action: z.string(), request_id: z.string() })),
});

/**
 * What a service answered.
 * @param service as people call it
 * @throws CloudError: half an answer, or that of a proxy in trouble, may be whole next time
 */
export function parseAs<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  service: string,
  what: string,
): z.output<Schema> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new CloudError(
    `${service} answered ${what} in a form that Slipway does not know: ${z.prettifyError(read.error)}`,
    { willPass: true },
  );
}

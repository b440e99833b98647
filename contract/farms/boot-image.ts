import { z } from 'zod';
import { idText, time, uuid } from '../fields.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { read } from '../operation.ts';

/** What a server of a farm role would start from now, and why. */
export const bootImageSchema = z.object({
  image: imageInShort,
  role: z.object({ id: z.int(), name: z.string() }),
  /** Where the role holds that image. */
  cloudPlatform: z.string(),
  /** '' where images serve all locations. */
  cloudLocation: z.string(),
  /** The image of the farm role's own location, or the one of a cloud whose images serve them all. */
  rule: z.enum(['location', 'everywhere', 'observed']),
  /** How an observed group comes to it, after the name of the group; null where it is no group, and in Slipway's own farms. */
  words: z.string().nullable(),
  /** How long the role has had it there, and who gave it to the role; null where nobody wrote it down. */
  since: time.nullable(),
  by: z.string().nullable(),
  /** The replacement that put it there, if one did. */
  replacement: z
    .object({
      id: uuid,
      at: time,
      by: z.string(),
      reason: z.string().nullable(),
      rollsBack: z.object({ id: uuid }).nullable(),
    })
    .nullable(),
});
export type BootImage = z.output<typeof bootImageSchema>;

export const bootImageOperations = {
  farmRoleBootImageGet: read({
    id: 'farmRoleBootImageGet',
    path: '/farm-roles/{farmRoleId}/boot-image/',
    summary: 'What a server of a farm role would start from now, and why.',
    params: z.object({ farmRoleId: idText }),
    response: bootImageSchema,
  }),
};

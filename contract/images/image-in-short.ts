import { z } from 'zod';
import { uuid } from '../fields.ts';

/** An Image as others show it beside themselves. */
export const imageInShort = z.object({
  id: uuid,
  name: z.string(),
  cloudImageId: z.string(),
  deprecated: z.boolean(),
  /** It was found in its cloud and is not in the catalogue: no Image has this id. */
  found: z.boolean().optional(),
});

import { z } from 'zod';
import { reason, uuid } from '../fields.ts';
import { operation } from '../operation.ts';
import { imageSchema } from './images.ts';

export const imageProtectionOperations = {
  imageProtect: operation({
    id: 'imageProtect',
    method: 'POST',
    path: '/images/{imageId}/actions/protect/',
    permission: 'images.manage',
    summary: 'Protect an Image: nobody deletes it, and no policy touches it; or end that.',
    params: z.object({ imageId: uuid }),
    body: z.strictObject({
      /** False ends the protection. */
      protect: z.boolean().optional(),
      reason: reason.optional(),
    }),
    response: imageSchema,
  }),
};

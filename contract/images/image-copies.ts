import { z } from 'zod';
import { line, uuid } from '../fields.ts';
import { imageSchema } from './images.ts';
import { operation } from '../operation.ts';
import { cloudPlatforms } from './platforms.ts';

/** Where a machine image is, or where a copy of it goes. */
export const cloudLocationSchema = z.strictObject({
  cloudPlatform: z.enum(cloudPlatforms),
  cloudLocation: line(255),
});

export const imageCopyOperations = {
  imageCopy: operation({
    id: 'imageCopy',
    method: 'POST',
    path: '/images/{imageId}/actions/copy/',
    permission: 'images.manage',
    status: 201,
    summary: 'Copy a machine image to another location of its cloud, as a new Image.',
    params: z.object({ imageId: uuid }),
    body: cloudLocationSchema,
    response: imageSchema,
  }),
};

import { z } from 'zod';
import { uuid } from '../fields.ts';
import { operation } from '../operation.ts';
import { planSchema } from '../plans.ts';

export const imagePlanOperations = {
  imageDeprecatePreview: operation({
    id: 'imageDeprecatePreview',
    method: 'POST',
    path: '/images/{imageId}/actions/preview-deprecate/',
    permission: 'view',
    summary: 'What deprecating an Image would concern; changes nothing.',
    params: z.object({ imageId: uuid }),
    response: planSchema,
  }),
  imageDeletePreview: operation({
    id: 'imageDeletePreview',
    method: 'POST',
    path: '/images/{imageId}/actions/preview-delete/',
    permission: 'view',
    summary: 'What deleting an Image would concern; changes nothing.',
    params: z.object({ imageId: uuid }),
    response: planSchema,
  }),
};

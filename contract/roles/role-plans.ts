import { z } from 'zod';
import { idText } from '../fields.ts';
import { operation } from '../operation.ts';
import { planSchema } from '../plans.ts';

export const rolePlanOperations = {
  roleDeprecatePreview: operation({
    id: 'roleDeprecatePreview',
    method: 'POST',
    path: '/roles/{roleId}/actions/preview-deprecate/',
    permission: 'view',
    summary: 'What deprecating a Role would concern; changes nothing.',
    params: z.object({ roleId: idText }),
    response: planSchema,
  }),
  roleDeletePreview: operation({
    id: 'roleDeletePreview',
    method: 'POST',
    path: '/roles/{roleId}/actions/preview-delete/',
    permission: 'view',
    summary: 'What deleting a Role would concern; changes nothing.',
    params: z.object({ roleId: idText }),
    response: planSchema,
  }),
};

import { z } from 'zod';
import { idText, uuid } from '../fields.ts';
import { roleScopeIdentitySchema } from '../images/places.ts';
import { operation } from '../operation.ts';
import {
  pairResultSchema,
  planReplacementSchema,
  replaceImageSetSchema,
  replacementPlanSchema,
} from './replacement-plans.ts';
import { replacementDetailSchema, replacementSchema } from './replacements.ts';

const params = z.object({ replacementId: uuid });
const setParams = z.object({ imageSetId: idText });

/** Replacements that are planned first, and sets: docs/domain.md, "Replacement". */
export const replacementPlanOperations = {
  replacementPlan: operation({
    id: 'replacementPlan',
    method: 'POST',
    path: '/replacements/',
    permission: 'view',
    keeps: true,
    status: 201,
    summary:
      'Plan a replacement over any number of places; it is kept for a day and changes nothing.',
    body: planReplacementSchema,
    response: replacementDetailSchema,
  }),
  replacementReplan: operation({
    id: 'replacementReplan',
    method: 'PATCH',
    path: '/replacements/{replacementId}/',
    permission: 'view',
    keeps: true,
    summary: 'Change a plan, or make it anew as things are; for its author, and who may replace.',
    params,
    body: replaceImageSetSchema,
    response: replacementDetailSchema,
  }),
  replacementApply: operation({
    id: 'replacementApply',
    method: 'POST',
    path: '/replacements/{replacementId}/actions/apply/',
    permission: 'replace',
    summary: 'Carry out exactly what was planned, or nothing.',
    params,
    response: replacementSchema,
  }),
  replacementCancel: operation({
    id: 'replacementCancel',
    method: 'POST',
    path: '/replacements/{replacementId}/actions/cancel/',
    permission: 'view',
    keeps: true,
    summary: 'Give a plan up; for its author, and who may replace.',
    params,
    response: replacementSchema,
  }),
  imageSetReplacePreview: operation({
    id: 'imageSetReplacePreview',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/preview-replace/',
    permission: 'view',
    summary: 'What replacing an Image set would change; keeps and changes nothing.',
    params: setParams,
    body: replaceImageSetSchema,
    response: replacementPlanSchema,
  }),
  imageSetReplace: operation({
    id: 'imageSetReplace',
    method: 'POST',
    path: '/image-sets/{imageSetId}/actions/replace/',
    permission: 'replace',
    summary: 'Replace the Images of a set with those of another, in every Role in reach.',
    params: setParams,
    body: replaceImageSetSchema,
    response: z.array(roleScopeIdentitySchema),
    meta: z.object({
      replacement: z.object({ id: uuid }).nullable(),
      pairs: z.array(pairResultSchema),
      outsideReach: z.object({ roles: z.int() }),
      otherRegistrations: z.object({ roles: z.int() }),
    }),
  }),
};

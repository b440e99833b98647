import { z } from 'zod';
import { scopeSchema, time, uuid } from '../fields.ts';
import { listQuery, searchQuery, searchText } from '../list.ts';
import { list, read } from '../operation.ts';
import { placeFields } from '../images/places.ts';

/** Who pays in the end. Cost centers come with the database, or from an administrator of it. */
export const costCenterSchema = z.object({
  id: uuid,
  name: z.string(),
  billingCode: z.string(),
  leadEmail: z.string(),
  description: z.string(),
  ...placeFields,
  added: time,
});
export type CostCenter = z.output<typeof costCenterSchema>;

export const costCenterOperations = {
  costCenterList: list({
    id: 'costCenterList',
    path: '/cost-centers/',
    summary: 'Cost centers of this scope and those it inherits.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        id: uuid.optional(),
        name: searchText.optional(),
        billingCode: searchText.optional(),
        scope: scopeSchema.optional(),
      },
      sorts: ['added', 'name'],
      includes: ['total'],
    }),
    response: z.array(costCenterSchema),
  }),
  costCenterGet: read({
    id: 'costCenterGet',
    path: '/cost-centers/{costCenterId}/',
    summary: 'One cost center.',
    params: z.object({ costCenterId: uuid }),
    response: costCenterSchema,
  }),
};

import { z } from 'zod';
import { osId } from '../fields.ts';
import { listQuery, searchText } from '../list.ts';
import { operation } from '../operation.ts';

export const osSchema = z.object({
  id: osId,
  name: z.string(),
  family: z.string().nullable(),
  generation: z.string().nullable(),
  /** Empty where a system has none, as Scalr has it: always a text. */
  version: z.string(),
});
export type Os = z.output<typeof osSchema>;

export const osOperations = {
  osList: operation({
    id: 'osList',
    method: 'GET',
    path: '/os/',
    permission: 'view',
    kind: 'list',
    summary: 'Operating systems.',
    query: listQuery({
      filters: {
        id: osId.optional(),
        name: searchText.optional(),
        family: searchText.optional(),
        generation: searchText.optional(),
      },
      sorts: ['id'],
      includes: ['total'],
    }),
    response: z.array(osSchema),
  }),
  osGet: operation({
    id: 'osGet',
    method: 'GET',
    path: '/os/{osId}/',
    permission: 'view',
    summary: 'One operating system.',
    params: z.object({ osId }),
    response: osSchema,
  }),
};

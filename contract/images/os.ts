import { z } from 'zod';
import { osId } from '../fields.ts';
import { listQuery, searchText } from '../list.ts';
import { list, read } from '../operation.ts';

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
  osList: list({
    id: 'osList',
    path: '/os/',
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
  osGet: read({
    id: 'osGet',
    path: '/os/{osId}/',
    summary: 'One operating system.',
    params: z.object({ osId }),
    response: osSchema,
  }),
};

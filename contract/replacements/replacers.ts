import { z } from 'zod';
import { listQuery, searchQuery } from '../list.ts';
import { operation } from '../operation.ts';

/** Somebody who has planned or made a replacement, or a program. */
export const replacerSchema = z.object({
  /** As the replacements have it: a mail address, mostly. */
  id: z.string(),
  /** Of the user with that mail address; null for anybody else. */
  name: z.string().nullable(),
});

export const replacerOperations = {
  replacerList: operation({
    id: 'replacerList',
    method: 'GET',
    path: '/replacers/',
    permission: 'view',
    kind: 'list',
    summary: 'Who has planned or made the replacements that this scope sees.',
    query: listQuery({
      filters: {
        /** Part of a name or of a mail address. */
        query: searchQuery.optional(),
      },
      sorts: ['name'],
      includes: ['total'],
    }),
    response: z.array(replacerSchema),
  }),
};

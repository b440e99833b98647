import { z } from 'zod';
import { booleanText, idText } from '../fields.ts';
import { ownerSchema } from '../images/places.ts';
import { listQuery, searchQuery } from '../list.ts';
import { operation } from '../operation.ts';

export const ownerOperations = {
  ownerList: operation({
    id: 'ownerList',
    method: 'GET',
    path: '/owners/',
    permission: 'view',
    kind: 'list',
    summary: 'Who owns farms at and below this scope.',
    query: listQuery({
      filters: {
        /** Part of a name or of a mail address. */
        query: searchQuery.optional(),
        id: idText.optional(),
        /** Owners of farms with servers on old images. */
        onOldImages: booleanText.optional(),
      },
      sorts: ['name'],
      includes: ['total'],
    }),
    response: z.array(ownerSchema),
  }),
};

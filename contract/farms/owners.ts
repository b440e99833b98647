import { z } from 'zod';
import { booleanText, idText } from '../fields.ts';
import { ownerSchema } from '../images/places.ts';
import { listQuery, searchQuery } from '../list.ts';
import { list } from '../operation.ts';

export const ownerOperations = {
  ownerList: list({
    id: 'ownerList',
    path: '/owners/',
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

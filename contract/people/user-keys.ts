import { z } from 'zod';
import { ownerSchema } from '../images/places.ts';
import { listQuery, searchQuery } from '../list.ts';
import { operation } from '../operation.ts';
import { apiKeySchema, keyId } from './api-keys.ts';

/** Somebody's API key, as those who administer a scope that it reaches see it. */
export const userKeySchema = apiKeySchema.extend({
  user: ownerSchema,
  /** It also reaches what is not in this scope, so that only an administrator above may disable it. */
  reachesBeyond: z.boolean(),
});
export type UserKey = z.output<typeof userKeySchema>;

const permission = 'scopes.manage';

export const userKeyOperations = {
  userKeyList: operation({
    id: 'userKeyList',
    method: 'GET',
    path: '/api-keys/',
    permission,
    kind: 'list',
    summary: "Everybody's API keys that reach this scope or what is below it.",
    query: listQuery({
      filters: {
        /** Part of the name of a key, or of the name or address of whose it is. */
        query: searchQuery.optional(),
      },
      sorts: ['created'],
      includes: ['total'],
    }),
    response: z.array(userKeySchema),
  }),
  userKeyDisable: operation({
    id: 'userKeyDisable',
    method: 'POST',
    path: '/api-keys/{keyId}/actions/disable/',
    permission,
    summary: "Disable somebody's API key; what it signs is refused from then on.",
    params: z.object({ keyId }),
    response: userKeySchema,
  }),
};

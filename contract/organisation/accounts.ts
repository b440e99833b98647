import { z } from 'zod';
import { idText, time, titleName } from '../fields.ts';
import { listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { defineResource } from '../resource.ts';

export const account = defineResource({
  name: 'Account',
  readOnly: {
    id: z.int(),
    added: time,
    environments: z.int(),
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
  },
  createOnly: {},
  writable: { name: titleName },
  required: ['name'],
});
export const accountSchema = account.schema;
export type Account = z.output<typeof accountSchema>;

const levels = ['global'] as const;
const params = z.object({ accountId: idText });

export const accountOperations = {
  accountList: list({
    id: 'accountList',
    path: '/accounts/',
    levels,
    summary: 'All accounts.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        id: idText.optional(),
        name: searchText.optional(),
      },
      sorts: ['id', 'name'],
      includes: ['total'],
    }),
    response: z.array(accountSchema),
  }),
  accountGet: read({
    id: 'accountGet',
    path: '/accounts/{accountId}/',
    levels,
    summary: 'One account.',
    params,
    response: accountSchema,
  }),
  accountCreate: operation({
    id: 'accountCreate',
    method: 'POST',
    path: '/accounts/',
    levels,
    permission: 'scopes.manage',
    status: 201,
    summary: 'Create an account.',
    body: account.create,
    response: accountSchema,
  }),
  accountUpdate: operation({
    id: 'accountUpdate',
    method: 'PATCH',
    path: '/accounts/{accountId}/',
    levels,
    permission: 'scopes.manage',
    summary: 'Rename an account.',
    params,
    body: account.patch,
    response: accountSchema,
  }),
  accountDelete: operation({
    id: 'accountDelete',
    method: 'DELETE',
    path: '/accounts/{accountId}/',
    levels,
    permission: 'scopes.manage',
    summary: 'Delete an empty account.',
    params,
    response: z.null(),
  }),
};

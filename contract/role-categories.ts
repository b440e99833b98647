import { z } from 'zod';
import { idText, scopeSchema } from './fields.ts';
import { listQuery, searchText } from './list.ts';
import { operation } from './operation.ts';
import { placeFields } from './places.ts';

export const roleCategorySchema = z.object({ id: z.int(), name: z.string(), ...placeFields });
export type RoleCategory = z.output<typeof roleCategorySchema>;

export const roleCategoryOperations = {
  roleCategoryList: operation({
    id: 'roleCategoryList',
    method: 'GET',
    path: '/role-categories/',
    permission: 'view',
    kind: 'list',
    summary: 'Role categories of this scope and those it inherits.',
    query: listQuery({
      filters: {
        id: idText.optional(),
        name: searchText.optional(),
        scope: scopeSchema.optional(),
      },
      sorts: ['id'],
      includes: ['total'],
    }),
    response: z.array(roleCategorySchema),
  }),
  roleCategoryGet: operation({
    id: 'roleCategoryGet',
    method: 'GET',
    path: '/role-categories/{roleCategoryId}/',
    permission: 'view',
    summary: 'One role category.',
    params: z.object({ roleCategoryId: idText }),
    response: roleCategorySchema,
  }),
};

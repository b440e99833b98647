import { z } from 'zod';
import { idText, scopeSchema, text } from '../fields.ts';
import { listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { placeFields } from '../images/places.ts';
import { defineResource } from '../resource.ts';

/** Letters, digits, dashes and spaces: docs/domain.md, "Role categories". */
const categoryName = text(18, 2).regex(
  /^[A-Za-z0-9][A-Za-z0-9 -]*[A-Za-z0-9]$/,
  'may have letters, digits, dashes and spaces only, and must start and end with a letter or a digit',
);

export const roleCategory = defineResource({
  name: 'RoleCategory',
  readOnly: {
    id: z.int(),
    ...placeFields,
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
  },
  createOnly: {},
  writable: { name: categoryName },
  required: ['name'],
});
export const roleCategorySchema = roleCategory.schema;
export type RoleCategory = z.output<typeof roleCategorySchema>;

/** Bodies may repeat the scope of the request. */
const repeatedScope = { scope: scopeSchema.optional() };
const params = z.object({ roleCategoryId: idText });

export const roleCategoryOperations = {
  roleCategoryList: list({
    id: 'roleCategoryList',
    path: '/role-categories/',
    summary: 'Role categories of this scope and those it inherits.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        id: idText.optional(),
        name: searchText.optional(),
        scope: scopeSchema.optional(),
      },
      sorts: ['id', 'name'],
      includes: ['total'],
    }),
    response: z.array(roleCategorySchema),
  }),
  roleCategoryGet: read({
    id: 'roleCategoryGet',
    path: '/role-categories/{roleCategoryId}/',
    summary: 'One role category.',
    params,
    response: roleCategorySchema,
  }),
  roleCategoryCreate: operation({
    id: 'roleCategoryCreate',
    method: 'POST',
    path: '/role-categories/',
    permission: 'roles.manage',
    status: 201,
    summary: 'Create a role category at this scope.',
    body: roleCategory.create.extend(repeatedScope),
    response: roleCategorySchema,
  }),
  roleCategoryUpdate: operation({
    id: 'roleCategoryUpdate',
    method: 'PATCH',
    path: '/role-categories/{roleCategoryId}/',
    permission: 'roles.manage',
    summary: 'Rename a role category.',
    params,
    body: roleCategory.patch.extend(repeatedScope),
    response: roleCategorySchema,
  }),
  roleCategoryDelete: operation({
    id: 'roleCategoryDelete',
    method: 'DELETE',
    path: '/role-categories/{roleCategoryId}/',
    permission: 'roles.manage',
    summary: 'Delete a role category that no Role is in.',
    params,
    response: z.null(),
  }),
};

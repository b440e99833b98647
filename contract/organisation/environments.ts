import { z } from 'zod';
import { referenceAsRead } from '../farms/farm-fields.ts';
import { idText, time, titleName, uuid } from '../fields.ts';
import { listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { defineResource } from '../resource.ts';

export const environmentStatuses = ['active', 'inactive'] as const;

export const environment = defineResource({
  name: 'Environment',
  readOnly: {
    id: z.int(),
    accountId: z.int(),
    added: time,
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
  },
  createOnly: {},
  writable: {
    name: titleName,
    status: z.enum(environmentStatuses),
    /** Who pays for what runs there; null for nobody in particular. */
    costCenter: z.object({ id: uuid, name: z.string() }).nullable(),
  },
  required: ['name'],
});
export const environmentSchema = environment.schema;
export type Environment = z.output<typeof environmentSchema>;

/** What was read can be sent back, and the bare id will do. */
const costCenterInput = { costCenter: referenceAsRead(uuid).nullable().optional() };

const levels = ['account'] as const;
const params = z.object({ envId: idText });

export const environmentOperations = {
  environmentList: list({
    id: 'environmentList',
    path: '/environments/',
    levels,
    summary: 'The environments of the account.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        id: idText.optional(),
        name: searchText.optional(),
        status: z.enum(environmentStatuses).optional(),
        /** To the millisecond, as it is answered. */
        added: time.optional(),
        costCenter: uuid.optional(),
      },
      sorts: ['id', 'name'],
      includes: ['total'],
    }),
    response: z.array(environmentSchema),
  }),
  environmentGet: read({
    id: 'environmentGet',
    path: '/environments/{envId}/',
    levels,
    summary: 'One environment.',
    params,
    response: environmentSchema,
  }),
  environmentCreate: operation({
    id: 'environmentCreate',
    method: 'POST',
    path: '/environments/',
    levels,
    permission: 'scopes.manage',
    status: 201,
    summary: 'Create an environment.',
    body: environment.create.extend(costCenterInput),
    response: environmentSchema,
  }),
  environmentUpdate: operation({
    id: 'environmentUpdate',
    method: 'PATCH',
    path: '/environments/{envId}/',
    levels,
    permission: 'scopes.manage',
    summary: 'Rename an environment, or change its status or cost center.',
    params,
    body: environment.patch.extend(costCenterInput),
    response: environmentSchema,
  }),
  environmentDelete: operation({
    id: 'environmentDelete',
    method: 'DELETE',
    path: '/environments/{envId}/',
    levels,
    permission: 'scopes.manage',
    summary: 'Delete an empty environment.',
    params,
    response: z.null(),
  }),
};

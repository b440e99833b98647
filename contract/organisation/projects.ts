import { z } from 'zod';
import { referenceAsRead } from '../farms/farm-fields.ts';
import {
  bounded,
  description,
  reference,
  scopeSchema,
  time,
  title,
  titleName,
  uuid,
} from '../fields.ts';
import { listQuery, searchQuery, searchText } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { placeFields } from '../images/places.ts';
import { defineResource } from '../resource.ts';

const emailAddress = bounded(254).regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be an e-mail address');

/** What farms are charged to, within a cost center. */
export const project = defineResource({
  name: 'Project',
  readOnly: {
    id: uuid,
    ...placeFields,
    added: time,
    createdBy: z.string(),
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
  },
  createOnly: { costCenter: reference(uuid) },
  writable: {
    name: titleName,
    billingCode: title(100),
    leadEmail: emailAddress,
    description,
  },
  required: ['name', 'costCenter', 'billingCode', 'leadEmail'],
});
export const projectSchema = project.schema;
export type Project = z.output<typeof projectSchema>;

const repeatedScope = { scope: scopeSchema.optional() };
const params = z.object({ projectId: uuid });
const levels = ['account', 'user'] as const;
const permission = 'scopes.manage';
const path = '/projects/{projectId}/';

export const projectOperations = {
  projectList: list({
    id: 'projectList',
    path: '/projects/',
    levels,
    summary: 'Projects of this scope and those it inherits.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        id: uuid.optional(),
        name: searchText.optional(),
        billingCode: searchText.optional(),
        costCenter: uuid.optional(),
        scope: scopeSchema.optional(),
      },
      sorts: ['added', 'name'],
      includes: ['total'],
    }),
    response: z.array(projectSchema),
  }),
  projectGet: read({
    id: 'projectGet',
    path,
    levels,
    summary: 'One project.',
    params,
    response: projectSchema,
  }),
  projectCreate: operation({
    id: 'projectCreate',
    method: 'POST',
    path: '/projects/',
    levels,
    permission,
    status: 201,
    summary: 'Create a project at this scope.',
    body: project.create.extend({ ...repeatedScope, costCenter: referenceAsRead(uuid) }),
    response: projectSchema,
  }),
  projectUpdate: operation({
    id: 'projectUpdate',
    method: 'PATCH',
    path,
    levels,
    permission,
    summary: 'Change a project.',
    params,
    body: project.patch.extend(repeatedScope),
    response: projectSchema,
  }),
  projectDelete: operation({
    id: 'projectDelete',
    method: 'DELETE',
    path,
    levels,
    permission,
    summary: 'Delete a project that no farm is charged to.',
    params,
    response: z.null(),
  }),
};

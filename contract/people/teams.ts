import { z } from 'zod';
import { id, idText, line, referenceInput, time, titleName } from '../fields.ts';
import { placeSchema } from '../images/places.ts';
import { includeQuery, listQuery, searchQuery } from '../list.ts';
import { operation } from '../operation.ts';
import { defineResource } from '../resource.ts';
import { grantSchema, personSchema } from './grants.ts';

/** By whom somebody is in a team: an administrator, or a provider of sign-ins. */
export const memberSources = ['manual', 'oidc'] as const;

/** People who hold rights together: docs/domain.md, "People". */
export const team = defineResource({
  name: 'Team',
  readOnly: {
    id: z.int(),
    ...placeSchema.shape,
    /** How many people are in it. */
    memberCount: z.int(),
    members: z.array(personSchema.extend({ source: z.enum(memberSources) })).optional(),
    /** As far as they are at the request's scope, above it or below it. */
    grants: z.array(grantSchema).optional(),
    added: time,
    createdBy: z.string(),
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
  },
  createOnly: {},
  writable: {
    name: titleName,
    /** Whoever has this among their groups at a provider of sign-ins is in the team. */
    externalGroup: line(255, 1).nullable(),
  },
  required: ['name'],
});
export const teamSchema = team.schema;
export type Team = z.output<typeof teamSchema>;

const permission = 'people.manage';
const params = z.object({ teamId: idText });
const path = '/teams/{teamId}/';

export const teamOperations = {
  teamList: operation({
    id: 'teamList',
    method: 'GET',
    path: '/teams/',
    permission,
    kind: 'list',
    summary: 'Teams of this scope, those above it and those below it.',
    query: listQuery({
      filters: { query: searchQuery.optional() },
      sorts: ['name'],
      includes: ['total'],
    }),
    response: z.array(teamSchema),
  }),
  teamGet: operation({
    id: 'teamGet',
    method: 'GET',
    path,
    permission,
    summary: 'A team; with include, who is in it and its rights.',
    params,
    query: z.strictObject({ include: includeQuery(['grants', 'members']) }),
    response: teamSchema,
  }),
  teamCreate: operation({
    id: 'teamCreate',
    method: 'POST',
    path: '/teams/',
    permission,
    status: 201,
    summary: 'Create a team at this scope. It can be given roles here and below.',
    body: team.create,
    response: teamSchema,
  }),
  teamUpdate: operation({
    id: 'teamUpdate',
    method: 'PATCH',
    path,
    permission,
    summary: 'Rename a team, or map it to another group.',
    params,
    body: team.patch,
    response: teamSchema,
  }),
  teamDelete: operation({
    id: 'teamDelete',
    method: 'DELETE',
    path,
    permission,
    summary: 'Delete a team with its rights; its members keep their own.',
    params,
    response: z.null(),
  }),
  teamMemberAdd: operation({
    id: 'teamMemberAdd',
    confirms: true,
    method: 'POST',
    path: `${path}members/`,
    permission,
    status: 201,
    summary: 'Put a user into a team.',
    params,
    body: z.strictObject({ user: referenceInput(id) }),
    response: teamSchema,
  }),
  teamMemberRemove: operation({
    id: 'teamMemberRemove',
    method: 'DELETE',
    path: `${path}members/{userId}/`,
    permission,
    summary: 'Take a user out of a team.',
    params: z.object({ teamId: idText, userId: idText }),
    response: z.null(),
  }),
};

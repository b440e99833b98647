import { z } from 'zod';
import { id, idText, referenceInput, time } from '../fields.ts';
import { ownerSchema, placeSchema } from '../images/places.ts';
import { listQuery, searchQuery } from '../list.ts';
import { operation, read } from '../operation.ts';
import { permissions, userRoles } from '../permissions.ts';

/** A user by id, name and e-mail address. */
export const personSchema = ownerSchema;

/** A team by id and name. */
export const teamInShortSchema = z.object({ id: z.int(), name: z.string() });

/** A role that a user or a team holds at a scope and everywhere below it: docs/domain.md, "People". */
export const grantSchema = placeSchema.extend({
  id: z.int(),
  role: z.enum(userRoles),
  /** Whose it is: a user's, or else a team's. */
  user: personSchema.nullable(),
  team: teamInShortSchema.nullable(),
  created: time,
  /** Null where nobody wrote it down. */
  createdBy: z.string().nullable(),
});
export type Grant = z.output<typeof grantSchema>;

/** Somebody who may do something here, and by which right: once for each right. */
export const accessSchema = placeSchema.extend({
  /** Of the user and the right, such as 5/12. */
  id: z.string(),
  user: personSchema,
  role: z.enum(userRoles),
  grant: z.object({ id: z.int() }),
  /** The team through which they have it. */
  team: teamInShortSchema.nullable(),
});
export type Access = z.output<typeof accessSchema>;

/** Whether somebody may do something at a scope, through what, and otherwise whom to ask for it. */
export const abilitySchema = z.object({
  permission: z.enum(permissions),
  allowed: z.boolean(),
  through: z.array(accessSchema.omit({ id: true, user: true })),
  /** Active administrators who can give it; the nearest first, at most five. */
  ask: z.array(personSchema),
});
export type Ability = z.output<typeof abilitySchema>;

const permission = 'people.manage';

export const grantOperations = {
  accessList: operation({
    id: 'accessList',
    method: 'GET',
    path: '/access/',
    permission,
    kind: 'list',
    summary: 'Who may do what at this scope, and by which right.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        /** Those whose right includes it. */
        permission: z.enum(permissions).optional(),
        user: idText.optional(),
        team: idText.optional(),
      },
      sorts: ['name'],
      includes: ['total'],
    }),
    response: z.array(accessSchema),
  }),
  abilityGet: read({
    id: 'abilityGet',
    path: '/abilities/',
    summary: 'What you may do at this scope, through which rights, and whom to ask for the rest.',
    response: z.array(abilitySchema),
  }),
  userAbilityGet: operation({
    id: 'userAbilityGet',
    method: 'GET',
    path: '/users/{userId}/abilities/',
    permission,
    summary: 'What a user may do at this scope, and through which rights.',
    params: z.object({ userId: idText }),
    response: z.array(abilitySchema),
  }),
  grantGet: operation({
    id: 'grantGet',
    method: 'GET',
    path: '/grants/{grantId}/',
    permission,
    summary:
      'A right that was given at this scope or below it. It stays as it is until it is taken.',
    params: z.object({ grantId: idText }),
    response: grantSchema,
  }),
  grantCreate: operation({
    id: 'grantCreate',
    confirms: true,
    method: 'POST',
    path: '/grants/',
    permission,
    status: 201,
    summary: 'Give a user or a team a role at this scope and everywhere below it.',
    body: z.strictObject({
      role: z.enum(userRoles),
      /** This, or a team. */
      user: referenceInput(id).optional(),
      team: referenceInput(id).optional(),
    }),
    response: grantSchema,
  }),
  grantDelete: operation({
    id: 'grantDelete',
    confirms: true,
    method: 'DELETE',
    path: '/grants/{grantId}/',
    permission,
    summary: 'Take a role from a user or a team: one that was given at this scope or below it.',
    params: z.object({ grantId: idText }),
    response: z.null(),
  }),
};

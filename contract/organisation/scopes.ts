import { z } from 'zod';
import { actionsSchema } from '../actions.ts';
import { includeQuery, searchQuery } from '../list.ts';
import { operation, read } from '../operation.ts';
import { passkeyAnswerSchema } from '../people/passkey-forms.ts';
import { userRoles } from '../permissions.ts';
import { placeSchema } from '../images/places.ts';

const scopeActions = [
  'imageCreate',
  'roleCreate',
  'farmCreate',
  'accountCreate',
  'environmentCreate',
  'cloudCredentialsCreate',
  'userInvite',
  'rename',
  'delete',
] as const;

/** The scope of a request: its names, what the user may do there, and what is in it. */
export const scopeInfoSchema = placeSchema.extend({
  /** Of the account or environment, for `If-Match`; null for Corporate. */
  version: z.int().nullable(),
  actions: actionsSchema(scopeActions),
  counts: z
    .object({
      images: z.int(),
      imageSets: z.int(),
      roles: z.int(),
      farms: z.int(),
      farmsOnOldImages: z.int(),
      environments: z.int(),
    })
    .optional(),
});
export type ScopeInfo = z.output<typeof scopeInfoSchema>;

export const scopeOperations = {
  scopeGet: read({
    id: 'scopeGet',
    path: '/scope/',
    summary: 'This scope: its names, what you may do here, and how much is in it.',
    query: z.strictObject({ include: includeQuery(['counts']) }),
    response: scopeInfoSchema,
  }),
  scopeList: operation({
    id: 'scopeList',
    method: 'GET',
    path: '/scopes/',
    levels: ['self'],
    permission: 'signed-in',
    kind: 'list',
    summary: 'Every scope you may open, parents before children; at most 500, narrowed by query.',
    query: z.strictObject({ query: searchQuery.optional() }),
    response: z.array(placeSchema),
  }),
};

export const sessionSchema = z.object({
  user: z.object({ id: z.int(), email: z.string(), name: z.string() }),
  grants: z.array(placeSchema.extend({ role: z.enum(userRoles) })),
  /** There is no account yet: show the first steps. */
  empty: z.boolean(),
});
export type Session = z.output<typeof sessionSchema>;

export const sessionOperations = {
  sessionGet: operation({
    id: 'sessionGet',
    method: 'GET',
    path: '/session/',
    levels: ['self'],
    permission: 'signed-in',
    summary: 'Who is signed in, with which rights.',
    response: sessionSchema,
  }),
  sessionCreate: operation({
    id: 'sessionCreate',
    method: 'POST',
    path: '/session/',
    levels: ['self'],
    permission: 'none',
    status: 201,
    summary: 'Sign in by redeeming a one-time link.',
    body: z.strictObject({
      token: z.string().min(1).max(200),
      /** The answer to what a refusal `PasskeyRequired` asked for: links that one has sent oneself may take it. */
      passkey: passkeyAnswerSchema.optional(),
    }),
    response: sessionSchema,
  }),
  sessionDelete: operation({
    id: 'sessionDelete',
    method: 'DELETE',
    path: '/session/',
    levels: ['self'],
    permission: 'signed-in',
    summary: 'Sign out.',
    response: z.null(),
  }),
};

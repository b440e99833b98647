import { z } from 'zod';
import { actionsSchema } from '../actions.ts';
import { bounded, id, idText, mailAddress, referenceInput, time, titleName } from '../fields.ts';
import { includeQuery, listQuery, searchQuery } from '../list.ts';
import { operation } from '../operation.ts';
import { userRoles } from '../permissions.ts';
import { apiKeySchema } from './api-keys.ts';
import { grantSchema, teamInShortSchema } from './grants.ts';

/** Who is suspended cannot sign in, nor can their keys; who has left holds nothing any more. */
export const userStatuses = ['active', 'suspended', 'left'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** Somebody who is known to Slipway: docs/domain.md, "People". */
export const userSchema = z.object({
  id: z.int(),
  email: z.string(),
  name: z.string(),
  status: z.enum(userStatuses),
  added: time,
  invited: time.nullable(),
  /** Signed in for the first time. */
  joined: time.nullable(),
  suspended: time.nullable(),
  /** Rises with every change; `If-Match` may name it. */
  version: z.int(),
});
export type User = z.output<typeof userSchema>;

const actions = ['suspend', 'restore', 'remove', 'endSessions', 'resetSignIn', 'invite'] as const;

/** As far as the request's scope sees them: what lies above it, at it or below it. */
const heldSchema = z.object({
  grants: z.array(grantSchema),
});

/** A user with all that an administrator must know to decide about them. */
export const userDetailSchema = userSchema.extend({
  ...heldSchema.shape,
  /** They also hold rights that are neither here nor above or below. */
  elsewhere: z.boolean(),
  teams: z.array(teamInShortSchema.extend({ source: z.enum(['manual', 'oidc']) })),
  apiKeys: z.array(apiKeySchema),
  /** What they sign in with, beside links and a provider. */
  hasPassword: z.boolean(),
  passkeys: z.int(),
  /** How many have not ended. */
  sessions: z.int(),
  /** How many farms they own. */
  farms: z.int(),
  actions: actionsSchema(actions).optional(),
});
export type UserDetail = z.output<typeof userDetailSchema>;

const emailAddress = bounded(254, 3).trim().toLowerCase().pipe(mailAddress);

const linkSchema = z.object({ url: z.string(), expires: time });

/** What an invitation answers: the link is told once, to whoever invites, and to nobody who was there before. */
export const invitationSchema = z.object({
  user: userSchema,
  grant: grantSchema,
  link: linkSchema.nullable(),
  /** A mail with another link is on its way. */
  mailed: z.boolean(),
});

/** The link goes by mail, where mail is set up: then nobody can use it but who reads their mail. */
const resetSchema = z.object({
  user: userSchema,
  link: linkSchema.nullable(),
  mailed: z.boolean(),
});

const permission = 'people.manage';
const params = z.object({ userId: idText });
const path = '/users/{userId}/';
const nothing = z.strictObject({});

export const userOperations = {
  userList: operation({
    id: 'userList',
    method: 'GET',
    path: '/users/',
    permission,
    kind: 'list',
    summary: 'People who hold rights at this scope, above it or below it; at Corporate everybody.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        id: idText.optional(),
        /** Left out, everybody who has not left. */
        status: z.enum(userStatuses).optional(),
      },
      sorts: ['name'],
      includes: ['total'],
    }),
    response: z.array(userSchema.extend(heldSchema.shape)),
  }),
  userGet: operation({
    id: 'userGet',
    method: 'GET',
    path,
    permission,
    summary: 'A user: their rights, teams, keys, sessions and farms.',
    params,
    query: z.strictObject({ include: includeQuery(['actions']) }),
    response: userDetailSchema,
  }),
  userInvite: operation({
    id: 'userInvite',
    confirms: true,
    method: 'POST',
    path: '/users/',
    permission,
    status: 201,
    secret: true,
    summary:
      'Let somebody in with a role at this scope. Only this answer has the link that signs them in.',
    body: z.strictObject({
      email: emailAddress,
      /** Left out, the e-mail address. */
      name: titleName.optional(),
      role: z.enum(userRoles),
    }),
    response: invitationSchema,
  }),
  userInviteAgain: operation({
    id: 'userInviteAgain',
    method: 'POST',
    path: `${path}actions/invite/`,
    permission,
    status: 201,
    secret: true,
    summary: 'Make a new link for somebody who was invited and has not signed in yet.',
    params,
    body: nothing,
    response: z.object({ link: linkSchema, mailed: z.boolean() }),
  }),
  userSuspend: operation({
    id: 'userSuspend',
    method: 'POST',
    path: `${path}actions/suspend/`,
    permission,
    summary: 'Shut a user out: their sessions end, and their keys are refused.',
    params,
    body: nothing,
    response: userSchema,
  }),
  userRestore: operation({
    id: 'userRestore',
    method: 'POST',
    path: `${path}actions/restore/`,
    permission,
    summary: 'Let a suspended user in again, with the rights and keys that they had.',
    params,
    body: nothing,
    response: userSchema,
  }),
  userEndSessions: operation({
    id: 'userEndSessions',
    method: 'POST',
    path: `${path}actions/end-sessions/`,
    permission,
    summary: 'End all sessions of a user; they may sign in again.',
    params,
    body: nothing,
    response: userSchema,
  }),
  userResetSignIn: operation({
    id: 'userResetSignIn',
    confirms: true,
    method: 'POST',
    path: `${path}actions/reset-sign-in/`,
    permission,
    status: 201,
    secret: true,
    summary:
      'For who cannot sign in any more: end their sessions, password and passkeys, and make a link that signs them in once.',
    params,
    body: nothing,
    response: resetSchema,
  }),
  userRemove: operation({
    id: 'userRemove',
    method: 'POST',
    path: `${path}actions/remove/`,
    permission,
    summary:
      'Have a user leave for good: their rights, teams, sessions and keys end, and their farms get another owner.',
    params,
    body: z.strictObject({
      /** Who gets their farms; needed where they own some. */
      newOwner: referenceInput(id).optional(),
    }),
    response: userSchema,
  }),
};

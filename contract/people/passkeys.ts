import { z } from 'zod';
import { idText, time, title } from '../fields.ts';
import { operation } from '../operation.ts';
import { sessionSchema } from '../organisation/scopes.ts';
import {
  newPasskeyAnswerSchema,
  passkeyAnswerSchema,
  passkeyCreationSchema,
  passkeyRequestSchema,
} from './passkey-forms.ts';

/** A key that an authenticator of somebody keeps, and that they sign in with: docs/domain.md, "Passkeys". */
export const passkeySchema = z.object({
  id: z.int(),
  name: z.string(),
  /** The host of Slipway that it works at. */
  host: z.string(),
  /** The authenticator keeps copies of it elsewhere, as accounts of phones and password managers do. */
  synced: z.boolean(),
  created: time,
  lastUsed: time.nullable(),
  /** Rises with every change; `If-Match` may name it. */
  version: z.int(),
});
export type Passkey = z.output<typeof passkeySchema>;

/** Whether a password alone lets its user in. */
export const secondStepSchema = z.object({
  /** The user's choice: a passkey after the password. */
  on: z.boolean(),
  /** Whoever runs Slipway demands it of everybody. */
  demanded: z.boolean(),
});

const name = title(100);
const nothing = z.strictObject({});
const params = z.object({ passkeyId: idText });
const shared = { levels: ['self'], permission: 'signed-in' } as const;
const stranger = { levels: ['self'], permission: 'none' } as const;
const change = { ...shared, recorded: true, confirms: true } as const;

export const passkeyOperations = {
  passkeyList: operation({
    ...shared,
    id: 'passkeyList',
    method: 'GET',
    path: '/passkeys/',
    kind: 'list',
    summary: 'Your passkeys, oldest first.',
    response: z.array(passkeySchema),
  }),
  passkeyBegin: operation({
    ...shared,
    confirms: true,
    id: 'passkeyBegin',
    method: 'POST',
    path: '/passkeys/actions/begin/',
    summary: 'What to ask a browser for, so that it makes a passkey; good once and for 5 minutes.',
    body: nothing,
    response: passkeyCreationSchema,
  }),
  passkeyCreate: operation({
    ...change,
    id: 'passkeyCreate',
    method: 'POST',
    path: '/passkeys/',
    status: 201,
    summary: 'Add a passkey that a browser has made.',
    body: z.strictObject({ name, made: newPasskeyAnswerSchema }),
    response: passkeySchema,
  }),
  passkeyUpdate: operation({
    ...shared,
    recorded: true,
    id: 'passkeyUpdate',
    method: 'PATCH',
    path: '/passkeys/{passkeyId}/',
    summary: 'Rename a passkey.',
    params,
    body: z.strictObject({ name }),
    response: passkeySchema,
  }),
  passkeyDelete: operation({
    ...change,
    id: 'passkeyDelete',
    method: 'DELETE',
    path: '/passkeys/{passkeyId}/',
    summary: 'Remove a passkey; it signs in no more. The last way to sign in stays.',
    params,
    response: z.null(),
  }),
  secondStepGet: operation({
    ...shared,
    id: 'secondStepGet',
    method: 'GET',
    path: '/second-step/',
    summary: 'Whether your password takes a passkey as well.',
    response: secondStepSchema,
  }),
  secondStepSet: operation({
    ...change,
    id: 'secondStepSet',
    method: 'POST',
    path: '/second-step/',
    summary: 'Have a passkey asked for after your password, or no longer.',
    body: z.strictObject({ on: z.boolean() }),
    response: secondStepSchema,
  }),
  passkeySignInBegin: operation({
    ...stranger,
    id: 'passkeySignInBegin',
    method: 'POST',
    path: '/session/passkey/actions/begin/',
    summary: 'What to ask a browser for, to sign in with a passkey; good once and for 5 minutes.',
    body: nothing,
    response: passkeyRequestSchema,
  }),
  sessionCreateByPasskey: operation({
    ...stranger,
    id: 'sessionCreateByPasskey',
    method: 'POST',
    path: '/session/passkey/',
    status: 201,
    summary: 'Sign in with a passkey.',
    body: z.strictObject({ passkey: passkeyAnswerSchema }),
    response: sessionSchema,
  }),
};

import { z } from 'zod';
import { bounded, mailAddress, time, titleName } from '../fields.ts';
import { operation } from '../operation.ts';
import { sessionSchema } from '../organisation/scopes.ts';
import { passkeyAnswerSchema } from './passkey-forms.ts';
import { longestPassword } from './password-length.ts';

/** Which ways there are to sign in, beside one-time links. */
export const signInWaysSchema = z.object({
  password: z.boolean(),
  /** At the address that was asked at: passkeys need a host name, and TLS but on this very machine. */
  passkey: z.boolean(),
  /** A password takes a passkey as well, whosever it is. */
  passkeyDemanded: z.boolean(),
  /** Links are sent by mail; otherwise whoever runs Slipway makes them. */
  mail: z.boolean(),
  provider: z
    .object({
      /** What people call it. */
      label: z.string(),
      /** It is known to end its own session as well. */
      signsOut: z.boolean(),
    })
    .nullable(),
});
export type SignInWays = z.output<typeof signInWaysSchema>;

/** Any characters, as they were typed. */
const passwordText = bounded(longestPassword, 1).refine((text) => text.isWellFormed(), {
  error: 'has half of a surrogate pair: send valid Unicode',
});
const email = mailAddress.max(254);

export const passwordStateSchema = z.object({
  isSet: z.boolean(),
  changed: time.nullable(),
  /**
   * What setting another one takes: nothing more, right after signing in by a link or a provider; the present
   * one; or signing in that way first, where there is none.
   */
  takes: z.enum(['nothing', 'present', 'sign-in']),
});
export type PasswordState = z.output<typeof passwordStateSchema>;

const stranger = { levels: ['self'], permission: 'none' } as const;
const own = { levels: ['self'], permission: 'signed-in' } as const;

export const signInOperations = {
  signInWaysGet: operation({
    ...stranger,
    id: 'signInWaysGet',
    method: 'GET',
    path: '/sign-in-ways/',
    summary: 'Which ways there are to sign in.',
    response: signInWaysSchema,
  }),
  sessionCreateByPassword: operation({
    ...stranger,
    id: 'sessionCreateByPassword',
    method: 'POST',
    path: '/session/password/',
    status: 201,
    summary:
      'Sign in with an e-mail address and a password; and a passkey, where one is asked for.',
    body: z.strictObject({
      email,
      password: passwordText,
      /** The answer to what a refusal `PasskeyRequired` asked for. */
      passkey: passkeyAnswerSchema.optional(),
    }),
    response: sessionSchema,
  }),
  signInLinkSend: operation({
    ...stranger,
    id: 'signInLinkSend',
    method: 'POST',
    path: '/sign-in-links/',
    status: 202,
    summary:
      'Have a one-time link sent by mail. The answer is the same for addresses that nobody has.',
    body: z.strictObject({ email }),
    response: z.null(),
  }),
  firstAdministratorCreate: operation({
    ...stranger,
    id: 'firstAdministratorCreate',
    method: 'POST',
    path: '/first-administrator/',
    status: 201,
    recorded: true,
    summary:
      'Create the first administrator, and sign in as them, with the link that Slipway printed.',
    body: z.strictObject({
      token: z.string().min(1).max(200),
      name: titleName,
      email,
      password: passwordText.optional(),
    }),
    response: sessionSchema,
  }),
  passwordGet: operation({
    ...own,
    id: 'passwordGet',
    method: 'GET',
    path: '/password/',
    summary: 'Whether you have a password, and what changing it takes.',
    response: passwordStateSchema,
  }),
  passwordSet: operation({
    ...own,
    id: 'passwordSet',
    method: 'POST',
    path: '/password/',
    recorded: true,
    holdsPassword: true,
    summary: 'Set or change your password. It ends all your other sessions.',
    body: z.strictObject({ password: passwordText, present: passwordText.optional() }),
    response: passwordStateSchema,
  }),
};

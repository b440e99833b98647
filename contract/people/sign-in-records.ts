import { z } from 'zod';
import { time } from '../fields.ts';
import { ownerSchema } from '../images/places.ts';
import { listQuery, searchQuery, searchText, sortQuery } from '../list.ts';
import { operation } from '../operation.ts';
import { signInProblems } from './sign-in-problems.ts';

/** The ways to sign in, and the words that people have for them. */
export const signInWayWords = {
  link: 'By a link',
  password: 'With a password',
  passkey: 'With a passkey',
  'two-steps': 'With a password and a passkey',
  provider: 'By the provider',
} as const;

/** What came of it, by the name that the records have; what went wrong at the provider has names of its own. */
export const signInOutcomeWords = {
  'signed-in': 'Signed in',
  'link-asked': 'Asked for a link by mail',
  'used-link': 'The link was used already, too old or unknown',
  'wrong-password': 'The password was wrong, or nobody has the address',
  suspended: 'The user is suspended',
  'wrong-passkey': 'The passkey does not sign in here',
  'old-challenge': 'The answer of a passkey came too late, or a second time',
  'copied-passkey': 'The passkey was used elsewhere in the meantime: there may be a copy of it',
  'passkey-missing': 'A passkey is asked for, and the user has none',
} as const;

const ways = Object.keys(signInWayWords) as (keyof typeof signInWayWords)[];

/** How whatever is no outcome of Slipway's own is explained. */
export function outcomeWords(outcome: string): string {
  if (Object.hasOwn(signInOutcomeWords, outcome))
    return signInOutcomeWords[outcome as keyof typeof signInOutcomeWords];
  return Object.hasOwn(signInProblems, outcome)
    ? signInProblems[outcome as keyof typeof signInProblems]
    : outcome;
}

/** Somebody signed in, or tried to: docs/domain.md, "Records of signing in". */
export const signInRecordSchema = z.object({
  id: z.int(),
  at: time,
  way: z.enum(ways),
  /** `signed-in`, `link-asked`, or what was wrong. */
  outcome: z.string(),
  /** The same in words. */
  words: z.string(),
  /** They are in; nothing was tried; or they are not. */
  result: z.enum(['in', 'asked', 'failed']),
  /** As it was given; null where nobody said who they are. */
  email: z.string().nullable(),
  /** Whoever has that address now. */
  user: ownerSchema.nullable(),
  /** The address that it came from. */
  origin: z.string(),
});
export type SignInRecord = z.output<typeof signInRecordSchema>;

const filters = {
  /** Part of an e-mail address, a name, or the address that it came from. */
  query: searchQuery.optional(),
  /** An e-mail address. */
  person: searchText.optional(),
  way: z.enum(ways, 'must be a way to sign in').optional(),
  result: signInRecordSchema.shape.result.optional(),
  /** From this moment on, and before that one. */
  from: time.optional(),
  to: time.optional(),
};
const sorts = ['at'] as const;
const permission = 'people.manage';

export const signInRecordOperations = {
  signInRecordList: operation({
    id: 'signInRecordList',
    method: 'GET',
    path: '/sign-ins/',
    kind: 'list',
    permission,
    summary:
      'Who signed in and who failed to, latest first: of people with rights at this scope or below it; at Corporate everybody.',
    query: listQuery({ filters, sorts, includes: ['total'] }),
    response: z.array(signInRecordSchema),
  }),
  signInRecordExport: operation({
    id: 'signInRecordExport',
    method: 'GET',
    path: '/sign-ins/csv/',
    kind: 'csv',
    permission,
    summary: 'The list as CSV, whole and in its order, safe to open in a spreadsheet.',
    query: z.strictObject({ ...filters, sort: sortQuery(sorts) }),
    response: z.string(),
  }),
  ownSignInList: operation({
    id: 'ownSignInList',
    method: 'GET',
    path: '/sign-ins/',
    levels: ['self'],
    permission: 'signed-in',
    kind: 'list',
    summary: 'How you signed in, and who failed to with your address, latest first; at most 50.',
    response: z.array(signInRecordSchema),
  }),
};

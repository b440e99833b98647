import { z } from 'zod';
import { time } from '../fields.ts';
import { operation } from '../operation.ts';

const sessionId = z.string().regex(/^[0-9a-f]{8}$/, 'is not the id of a session');

/** A browser that somebody is signed in with. Its id opens nothing; records name it. */
export const signedInSchema = z.object({
  id: sessionId,
  /** The browser and what it runs on, such as `Firefox on Linux`. */
  name: z.string(),
  /** Where it was last used from. */
  address: z.string(),
  started: time,
  /** Exact to ten seconds. */
  lastSeen: time,
  /** When it ends however much it is used. */
  ends: time,
  /** It is the one that asks. */
  current: z.boolean(),
});
export type SignedIn = z.output<typeof signedInSchema>;

const shared = { levels: ['self'], permission: 'signed-in' } as const;

export const signedInOperations = {
  sessionList: operation({
    ...shared,
    id: 'sessionList',
    method: 'GET',
    path: '/sessions/',
    kind: 'list',
    summary: 'The browsers that you are signed in with, the last used first; at most 100.',
    response: z.array(signedInSchema),
  }),
  sessionEnd: operation({
    ...shared,
    id: 'sessionEnd',
    method: 'DELETE',
    path: '/sessions/{sessionId}/',
    recorded: true,
    summary: 'Sign one of your browsers out.',
    params: z.object({ sessionId }),
    response: z.null(),
  }),
  sessionEndOthers: operation({
    ...shared,
    id: 'sessionEndOthers',
    method: 'POST',
    path: '/sessions/actions/end-others/',
    recorded: true,
    summary: 'Sign all your browsers out but this one.',
    response: z.object({ ended: z.int() }),
  }),
};

import { operationQuery, useOperation } from '../query.ts';

/** The browsers that one is signed in with, the last used first. */
export const sessionListQuery = operationQuery('sessionList', 'self', {});

/** Signs one of them out: `change({ params: { sessionId } })`. */
export function useEndSession() {
  return useOperation('sessionEnd', 'self');
}

/** Signs all but this one out: `change({})`. */
export function useEndOtherSessions() {
  return useOperation('sessionEndOthers', 'self');
}

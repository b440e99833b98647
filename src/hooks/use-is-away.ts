import { useSyncExternalStore } from 'react';

import { isServerAway, onConnection } from '../util/connection.ts';

/** Whether the server does not answer at the moment. */
export function useIsAway(): boolean {
  return useSyncExternalStore(onConnection, isServerAway);
}

import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';

import { startLive } from '../../api/live/live.ts';
import { useIsAway } from '../../hooks/use-is-away.ts';
import { lazyPart } from '../../util/lazy-part.ts';

import classes from './Live.module.css';
import { useConfirmation } from './use-confirmation.ts';

const ConfirmAgain = lazyPart(async () => (await import('./ConfirmAgain.tsx')).ConfirmAgain);

/**
 * Keeps everything on the screen as it is on the server, and says so quietly while that is not possible. Asks whoever
 * is signed in to do so again where the server wants that.
 */
export function Live() {
  const client = useQueryClient();
  const [isLost, setIsLost] = useState(false);
  useEffect(() => startLive(client, setIsLost), [client]);
  // Where the server does not answer at all, that is said already.
  const isAway = useIsAway();
  const isSaid = isLost && !isAway;
  const question = useConfirmation();
  return (
    <>
      <output className={isSaid ? classes['notice'] : undefined}>
        {isSaid && 'Not live: changes by others do not arrive. Trying again.'}
      </output>
      <Suspense>{question !== undefined && <ConfirmAgain {...question} />}</Suspense>
    </>
  );
}

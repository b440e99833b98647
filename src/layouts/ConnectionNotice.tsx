import { Suspense } from 'react';

import { Soon } from '../components/Soon.tsx';
import { useIsAway } from '../hooks/use-is-away.ts';
import { lazyPart } from '../util/lazy-part.ts';

import classes from './ConnectionNotice.module.css';

const Live = lazyPart(async () => (await import('../components/live/Live.tsx')).Live);

/**
 * Keeps the page live, and says while the server does not answer that it is so, and that nothing has to be done
 * about it.
 * @param userId who is signed in; undefined for nobody, who is told of no change
 */
export function ConnectionNotice({ userId }: { userId: number | undefined }) {
  const isAway = useIsAway();
  return (
    <>
      <output className={isAway ? classes['notice'] : undefined}>
        {isAway &&
          'Slipway does not answer. It is asked again and again, and this page goes on by itself.'}
      </output>
      <Soon>
        <Suspense>{userId !== undefined && <Live key={userId} />}</Suspense>
      </Soon>
    </>
  );
}

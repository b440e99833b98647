import { Suspense } from 'react';

import { lazyPart } from '../../util/lazy-part.ts';

import type { BurnDownProps } from './BurnDown.tsx';
import classes from './burn-down-place.module.css';

const BurnDown = lazyPart(async () => (await import('./BurnDown.tsx')).BurnDown);

/** A burn-down that is fetched where it is shown; its place is kept free meanwhile. */
export function LazyBurnDown(props: BurnDownProps) {
  return (
    <div className={classes['place']}>
      <Suspense>
        <BurnDown {...props} />
      </Suspense>
    </div>
  );
}

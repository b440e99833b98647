import { useIsAway } from '../hooks/use-is-away.ts';

import classes from './ConnectionNotice.module.css';

/** Says while the server does not answer that it is so, and that nothing has to be done about it. */
export function ConnectionNotice() {
  const isAway = useIsAway();
  return (
    <output className={isAway ? classes['notice'] : undefined}>
      {isAway &&
        'Slipway does not answer. It is asked again and again, and this page goes on by itself.'}
    </output>
  );
}

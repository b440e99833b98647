import { scopeLabel } from '#contract/scope.ts';
import type { Scope } from '#contract/scope.ts';

import classes from './ScopeBadge.module.css';

interface ScopeBadgeProps {
  scope: Scope;
  /** The name of the account or environment, after the word. */
  name?: string | undefined;
}

/** Where an object lives: always a coloured dot and the word. */
export function ScopeBadge({ scope, name }: ScopeBadgeProps) {
  return (
    <span className={`${classes['badge']} ${classes[scope]}`}>
      <span className={classes['word']}>
        {scopeLabel[scope]}
        {name !== undefined && <span className={classes['name']}> {name}</span>}
      </span>
    </span>
  );
}

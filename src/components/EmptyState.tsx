import type { ReactNode } from 'react';

import classes from './EmptyState.module.css';

interface EmptyStateProps {
  /** What there is none of: `No images in this account yet`. */
  title: string;
  /** Why, in one sentence. */
  children?: ReactNode;
  /** The one thing to do about it. */
  action?: ReactNode;
  icon?: ReactNode;
}

/** In place of a list: why it is empty and the one thing to do. */
export function EmptyState({ title, children, action, icon }: EmptyStateProps) {
  return (
    <div className={classes['empty']}>
      {icon !== undefined && (
        <span className={classes['icon']} aria-hidden>
          {icon}
        </span>
      )}
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

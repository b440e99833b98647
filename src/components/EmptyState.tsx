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
  /** It is all that the page has, so its title is the page's. */
  isPage?: boolean;
}

/** In place of a list: why it is empty and the one thing to do. */
export function EmptyState({ title, children, action, icon, isPage = false }: EmptyStateProps) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className={classes['empty']}>
      {icon !== undefined && (
        <span className={classes['icon']} aria-hidden>
          {icon}
        </span>
      )}
      <Heading className={classes['title']}>{title}</Heading>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

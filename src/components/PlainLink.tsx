import type { ComponentProps } from 'react';

import { basePath } from '../util/base-path.ts';

interface PlainLinkProps extends Omit<ComponentProps<'a'>, 'href' | 'target'> {
  to: string;
}

/**
 * A link to a page of the application, for cells of tables: a page has hundreds of them, and the
 * router's own costs a slow device a millisecond each. util/follow-links.ts follows it.
 */
export function PlainLink({ to, children, ...more }: PlainLinkProps) {
  return (
    <a {...more} href={basePath + to} data-page="">
      {children}
    </a>
  );
}

import type { ReactNode } from 'react';
import { Link } from 'react-router';

import classes from './PageHeader.module.css';

export interface Crumb {
  label: string;
  to: string;
}

interface PageHeaderProps {
  title: string;
  /** What stands in the tab before the title's own words, e.g. the account: `Images · Acme`. */
  context?: string | undefined;
  /** One line: `260 images, 12 of them unused`. */
  facts?: ReactNode;
  /** The primary action. */
  action?: ReactNode;
  /** The pages above this one; for what is not in the navigation itself. */
  crumbs?: readonly Crumb[];
}

/** The top of every page: where it is, its title, one line of facts, and what to do here. */
export function PageHeader({ title, context, facts, action, crumbs = [] }: PageHeaderProps) {
  return (
    <header>
      <title>{[title, context, 'Slipway'].filter((part) => part !== undefined).join(' · ')}</title>
      {crumbs.length > 0 && <Breadcrumbs crumbs={crumbs} />}
      <div className={classes['header']}>
        <h1 className={classes['title']}>{title}</h1>
        {facts !== undefined && <div className={classes['facts']}>{facts}</div>}
        {action !== undefined && <div className={classes['action']}>{action}</div>}
      </div>
    </header>
  );
}

/** The way back up, as links. */
function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav className={classes['crumbs']} aria-label="Breadcrumbs">
      <ol>
        {crumbs.map((crumb) => (
          <li key={crumb.to}>
            <Link to={crumb.to}>{crumb.label}</Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { scopeQuery } from '../api/scopes.ts';
import { Soon } from '../components/Soon.tsx';
import { useOptionalScope } from '../hooks/use-scope.ts';
import { placeName } from '../util/places.ts';
import { paths } from '../util/paths.ts';

import classes from './PageHeader.module.css';

export interface Crumb {
  label: string;
  to: string;
}

interface PageHeaderProps {
  title: string;
  /** What stands in the tab after the title, where it is not the scope: `Images · Acme`. */
  context?: string | undefined;
  /** One line: `260 images, 12 of them unused`. */
  facts?: ReactNode;
  /** The primary action. */
  action?: ReactNode;
  /** It is so wide that it has a line of its own, whatever the facts turn out to be. */
  isActionBelow?: boolean;
  /** The pages above this one; for what is not in the navigation itself. */
  crumbs?: readonly Crumb[];
}

/** The top of every page: where it is, its title, one line of facts, and what to do here. */
export function PageHeader(props: PageHeaderProps) {
  const { title, context, facts, action, isActionBelow = false, crumbs = [] } = props;
  const here = useScopeCrumb();
  const titles = [title, context ?? here?.label, 'Slipway'];
  return (
    <header>
      <title>{titles.filter((part) => part !== undefined).join(' · ')}</title>
      {crumbs.length > 0 && (
        <Breadcrumbs crumbs={here === undefined ? crumbs : [here, ...crumbs]} />
      )}
      <div className={classes['header']}>
        <h1 className={classes['title']}>{title}</h1>
        {facts !== undefined && <div className={classes['facts']}>{facts}</div>}
        {action !== undefined && (
          <div className={classes[isActionBelow ? 'below' : 'action']}>
            <Soon>{action}</Soon>
          </div>
        )}
      </div>
    </header>
  );
}

/** The scope of the page, once its name is known: in the tab, and before the crumbs. */
function useScopeCrumb(): Crumb | undefined {
  const scope = useOptionalScope();
  const { data: info } = useQuery({
    ...scopeQuery(scope ?? { scope: 'scalr' }),
    enabled: scope !== undefined,
  });
  if (scope === undefined || info === undefined) return undefined;
  return { label: placeName(info), to: paths.images(scope) };
}

/** The way back up, as links. */
function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav className={classes['crumbs']} aria-label="Breadcrumbs">
      <ol>
        {crumbs.map((crumb) => (
          <li key={`${crumb.to} ${crumb.label}`}>
            <Link to={crumb.to}>{crumb.label}</Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

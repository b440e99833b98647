import { VisuallyHidden } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { Link } from 'react-router';

import { formatCount, formatQuantity } from '../util/format.ts';

import classes from './OldServers.module.css';

interface OldServersProps {
  servers: { live: number; old: number } | undefined;
  /** Where they are listed. */
  to?: string | undefined;
}

/** How many live servers run old images: `7 of 9`; zero is quiet. */
export function OldServers({ servers, to }: OldServersProps) {
  if (servers === undefined || servers.old === 0) {
    return <span className="dim">{servers === undefined ? '–' : '0'}</span>;
  }
  const words = `${formatQuantity(servers.old, 'server')} of ${formatCount(servers.live)} on old images`;
  const text = (
    <>
      <IconHistory size={16} aria-hidden /> {formatCount(servers.old)} of{' '}
      {formatCount(servers.live)}
    </>
  );
  if (to === undefined) {
    return (
      <span>
        <span className={classes['old']} aria-hidden>
          {text}
        </span>
        <VisuallyHidden>{words}</VisuallyHidden>
      </span>
    );
  }
  return (
    <Link className={classes['old'] ?? ''} to={to} aria-label={words}>
      {text}
    </Link>
  );
}

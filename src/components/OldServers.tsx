import { VisuallyHidden } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { Link } from 'react-router';

import { formatCount } from '../util/format.ts';

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
  // What is seen is the beginning of what is read out.
  const words = (
    <>
      <IconHistory size={16} aria-hidden /> {formatCount(servers.old)} of{' '}
      {formatCount(servers.live)}
      <VisuallyHidden> servers on old images</VisuallyHidden>
    </>
  );
  const className = classes['old'] ?? '';
  return to === undefined ? (
    <span className={className}>{words}</span>
  ) : (
    <Link className={className} to={to}>
      {words}
    </Link>
  );
}

import type { Server } from '#contract/farms/servers.ts';

import { StatusBadge } from '../StatusBadge.tsx';

import { hasEnded, whyOld } from './server-words.ts';

interface ServerStateProps {
  server: Server;
  /** Why it is to be moved stands beside, and not in a note alone. */
  isWhyShown?: boolean;
}

/** Whether a server is to be moved to another image. */
export function ServerState({ server, isWhyShown = false }: ServerStateProps) {
  const why = whyOld(server);
  if (why === '') return <span className="dim">{hasEnded(server) ? 'ended' : 'current'}</span>;
  if (!isWhyShown) return <StatusBadge state="old" detail={why} />;
  return (
    <>
      <StatusBadge state="old" /> <span className="small dim">{why}</span>
    </>
  );
}

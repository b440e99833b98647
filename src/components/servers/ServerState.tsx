import type { Server } from '#contract/farms/servers.ts';

import { StatusBadge } from '../StatusBadge.tsx';

import { hasEnded, whyOld } from './server-words.ts';

/** Whether a server is to be moved to another image. */
export function ServerState({ server }: { server: Server }) {
  const detail = whyOld(server);
  if (detail === '') return <span className="dim">{hasEnded(server) ? 'ended' : 'current'}</span>;
  return <StatusBadge state="old" detail={detail} />;
}

import type { Server } from '#contract/farms/servers.ts';

import { StatusBadge } from '../StatusBadge.tsx';

import { statusWords } from './server-words.ts';

/** What a server is doing, in a word; one that could not be launched stands out. */
export function ServerStatus({ server }: { server: Pick<Server, 'status'> }) {
  const status: string = server.status;
  if (status === 'failed') return <StatusBadge state="failed" />;
  return <span className={status === 'terminated' ? 'dim' : ''}>{statusWords(status)}</span>;
}

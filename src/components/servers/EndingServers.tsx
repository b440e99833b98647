import { useQuery } from '@tanstack/react-query';

import { serverListQuery } from '../../api/servers.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { ErrorNotice } from '../ErrorNotice.tsx';

import { serverLabel } from './server-words.ts';

const named = 10;

interface EndingServersProps {
  /** Their environment. */
  at: PathScope;
  of: { farm: string; farmRole?: string };
  /** How many live servers there are. */
  total: number;
}

/** The live servers that would end, by name: the first ones, and how many more. */
export function EndingServers({ at, of, total }: EndingServersProps) {
  const { data, error } = useQuery(
    serverListQuery(at, { ...of, live: true, maxResults: named, cursor: 'start' }),
  );
  if (total === 0) return <p>No server of it lives.</p>;
  if (error !== null) return <ErrorNotice error={error} />;
  const more = total - (data?.data.length ?? 0);
  return (
    <>
      <p>
        {formatQuantity(total, 'server')} {total === 1 ? 'ends' : 'end'}:
      </p>
      <ul aria-label="Servers that end">
        {data?.data.map((server) => (
          <li key={server.id}>
            {serverLabel(server)}{' '}
            <span className="mono small dim">{server.cloudServerId ?? 'not launched yet'}</span>
          </li>
        ))}
        {data !== undefined && more > 0 && <li>and {formatQuantity(more, 'more server')}</li>}
      </ul>
    </>
  );
}

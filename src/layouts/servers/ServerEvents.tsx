import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ServerEvent } from '#contract/farms/server-events.ts';
import { useMemo } from 'react';

import { farmEventListQuery, serverEventListQuery } from '../../api/server-events.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { statusWords } from '../../components/servers/server-words.ts';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { DetailSection } from '../DetailLayout.tsx';

interface ServerEventsProps {
  at: PathScope;
  of: { serverId: string } | { farmId: number };
}

/** What a server, or the servers of a farm, went through lately: who or what did it, and why. */
export function ServerEvents({ at, of }: ServerEventsProps) {
  const query =
    'serverId' in of ? serverEventListQuery(at, of.serverId) : farmEventListQuery(at, of.farmId);
  const list = useQuery(query);
  const ofFarm = 'farmId' in of;
  const columns = useMemo(() => eventColumns(at, ofFarm), [at, ofFarm]);
  return (
    <DetailSection title={ofFarm ? 'What its servers did' : 'What it went through'}>
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {(list.data !== undefined || list.error === null) && (
        <DataTable
          label={ofFarm ? 'Events of the servers' : 'Events of the server'}
          columns={columns}
          rows={list.data?.data}
          rowKey={keyOf}
          rowLabel={labelOf}
          skeletonRows={3}
          empty={
            <EmptyState title="Nothing was written down yet">
              Each time that a server is launched, comes up or ends, it shows here with who or what
              did it, and why.
            </EmptyState>
          }
        />
      )}
    </DetailSection>
  );
}

const keyOf = (event: ServerEvent) => String(event.id);
const labelOf = (event: ServerEvent) => `${statusWords(event.status)}: ${event.reason}`;

/** `system:keeper` is said in words; a person goes by their mail address. */
function actorWords(actor: string): string {
  return actors[actor] ?? actor;
}
const actors: Record<string, string> = {
  'system:keeper': 'The keeper',
  'system:server-steps': 'The cloud',
  'system:server-reboots': 'The cloud',
  'system:rollouts': 'A rollout',
};

function eventColumns(at: PathScope, ofFarm: boolean): readonly Column<ServerEvent>[] {
  const server: Column<ServerEvent> = {
    id: 'server',
    header: 'Server',
    width: '9rem',
    cell: ({ server: { id, hostname, index } }) => (
      <Link to={paths.server(at, id)}>{hostname === '' ? `#${index}` : hostname}</Link>
    ),
  };
  return [
    {
      id: 'reason',
      header: 'What happened, and why',
      isName: true,
      cell: ({ reason, cloudWords }) => (
        <>
          {reason}
          {cloudWords !== null && <span className="dim small"> “{cloudWords}”</span>}
        </>
      ),
    },
    {
      id: 'status',
      header: 'Then it was',
      width: '8rem',
      cell: ({ status }) => statusWords(status),
    },
    ...(ofFarm ? [server] : []),
    { id: 'actor', header: 'By', width: '11rem', cell: ({ actor }) => actorWords(actor) },
    {
      id: 'at',
      header: 'When',
      width: '5rem',
      cell: (event) => <RelativeTime isShort at={event.at} />,
    },
  ];
}

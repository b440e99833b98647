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

/** What a server went through lately: who or what did it, and why. */
export function ServerEvents({ at, serverId }: { at: PathScope; serverId: string }) {
  const { data, error, refetch } = useQuery(serverEventListQuery(at, serverId));
  const columns = useMemo(() => eventColumns(at, false), [at]);
  const rows = data?.data;
  return (
    <DetailSection title="What it went through">
      <EventTable label="Events of the server" {...{ columns, rows, error, refetch }} />
    </DetailSection>
  );
}

/** What the servers of a farm went through lately; the decisions of the keeper among it. */
export function FarmEvents({ at, farmId }: { at: PathScope; farmId: number }) {
  const { data, error, refetch } = useQuery(farmEventListQuery(at, farmId));
  const columns = useMemo(() => eventColumns(at, true), [at]);
  const rows = data?.data;
  return (
    <DetailSection title="What its servers did">
      <EventTable label="Events of the servers" {...{ columns, rows, error, refetch }} />
    </DetailSection>
  );
}

interface EventTableProps {
  label: string;
  columns: readonly Column<ServerEvent>[];
  rows: readonly ServerEvent[] | undefined;
  error: Error | null;
  refetch: () => unknown;
}

function EventTable({ label, columns, rows, error, refetch }: EventTableProps) {
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <DataTable
      {...{ label, columns, rows }}
      rowKey={keyOf}
      rowLabel={labelOf}
      skeletonRows={3}
      empty={
        <EmptyState title="Nothing was written down yet">
          Each time that a server is launched, comes up or ends, it shows here with who or what did
          it, and why.
        </EmptyState>
      }
    />
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

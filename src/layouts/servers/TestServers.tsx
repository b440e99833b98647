import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Verdict } from '#contract/actions.ts';
import type { Server } from '#contract/farms/servers.ts';
import type { Place } from '#contract/images/places.ts';

import { serverListQuery } from '../../api/servers.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { serverKey, serverLabel } from '../../components/servers/server-words.ts';
import { ServerStatus } from '../../components/servers/ServerStatus.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { DetailSection } from '../DetailLayout.tsx';

function columnsOf(at: PathScope): readonly Column<Server>[] {
  return [
    {
      id: 'server',
      header: 'Server',
      isName: true,
      cell: (server) => <Link to={paths.server(at, server.id)}>{serverLabel(server)}</Link>,
    },
    {
      id: 'farm',
      header: 'Farm',
      cell: ({ farm }) => <Link to={paths.farm(at, farm.id)}>{farm.name}</Link>,
    },
    {
      id: 'location',
      header: 'Location',
      cell: (server) => (
        <CloudLocation platform={server.cloudPlatform} location={server.cloudLocation} />
      ),
    },
    { id: 'status', header: 'Status', cell: (server) => <ServerStatus server={server} /> },
    {
      id: 'launched',
      header: 'Launched',
      width: '5.5rem',
      cell: (server) => <RelativeTime isShort at={server.launched} />,
    },
  ];
}

interface TestServersProps {
  at: PathScope;
  /** What they run. */
  of: { image: string } | { imageSet: string };
  /** The same with what may be done with it. */
  tried: Pick<Place, 'scope'> & { actions?: { promote: Verdict } | undefined };
}

/**
 * The servers of an environment that run an image or a version, and what follows once they have proved it. Nothing
 * elsewhere, and where none runs. Promoting opens the dialog of the page.
 */
export function TestServers({ at, of, tried }: TestServersProps) {
  const { open } = useDialog(['promote']);
  const isHere = at.scope === 'environment';
  const { data } = useQuery({
    ...serverListQuery(at, {
      ...of,
      live: true,
      maxResults: 10,
      cursor: 'start',
      include: ['total'],
    }),
    enabled: isHere,
  });
  const servers = data?.data ?? [];
  const total = data?.pagination?.total ?? servers.length;
  if (!isHere || servers.length === 0) return null;
  // What belongs to this environment alone is still to be published.
  const isOwn = tried.scope === 'environment';
  const title = isOwn ? 'Test servers' : 'Servers here';
  return (
    <DetailSection title={title}>
      <p>
        {formatQuantity(total, 'server')} of this environment {total === 1 ? 'runs' : 'run'} it.{' '}
        {total > servers.length && (
          <Link to={paths.servers(at, { ...of, live: true })}>Show all servers</Link>
        )}
      </p>
      {isOwn && (
        <p>
          Once it has proved itself, give it to the other environments of the account.{' '}
          <ActionButton
            disabledReason={reasonAgainst(tried.actions?.promote)}
            onClick={() => open('promote')}
          >
            Promote
          </ActionButton>
        </p>
      )}
      <DataTable
        label={title}
        columns={columnsOf(at)}
        rows={servers}
        rowKey={serverKey}
        rowLabel={serverLabel}
      />
    </DetailSection>
  );
}

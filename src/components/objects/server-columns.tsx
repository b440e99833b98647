import { Link } from 'react-router';
import type { Server } from '#contract/farms/servers.ts';

import { environmentOf } from '../../util/places.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { CopyableId } from '../CopyableId.tsx';
import { ImageName, imageText, RoleImageName } from '../ImageName.tsx';
import { RelativeTime } from '../RelativeTime.tsx';
import { serverLabel, statusWords } from '../servers/server-words.ts';
import { ServerState } from '../servers/ServerState.tsx';
import { ServerStatus } from '../servers/ServerStatus.tsx';
import type { Column } from '../table/table.ts';

/** What a server runs, wherever it is listed. @param at the scope that it is looked at from */
export function serverColumns(at: PathScope): readonly Column<Server>[] {
  return [
    {
      id: 'server',
      header: 'Server',
      isName: true,
      cell: (server) => <Link to={paths.server(at, server.id)}>{serverLabel(server)}</Link>,
    },
    ...columns,
  ];
}

const columns: readonly Column<Server>[] = [
  {
    id: 'cloudId',
    header: 'Cloud ID',
    width: '11rem',
    cell: (server) =>
      server.cloudServerId === null ? (
        <span className="dim">not launched yet</span>
      ) : (
        <CopyableId id={server.cloudServerId} what="cloud server ID" length={22} />
      ),
  },
  {
    id: 'status',
    header: 'Status',
    text: (server) => statusWords(server.status),
    cell: (server) => <ServerStatus server={server} />,
  },
  {
    id: 'image',
    header: 'Runs',
    isSmall: true,
    text: ({ image }) => (image === null ? '–' : imageText(image)),
    cell: (server) =>
      server.image === null ? (
        <span className="dim">–</span>
      ) : (
        <ImageName at={environmentOf(server)} image={server.image} />
      ),
  },
  {
    id: 'roleImage',
    header: 'Role has now',
    isSmall: true,
    text: (server) => (server.stale ? imageText(server.roleImage) : 'the same'),
    cell: (server) => <RoleImageName at={environmentOf(server)} of={server} />,
  },
  {
    id: 'old',
    header: 'State',
    width: '9rem',
    cell: (server) => <ServerState server={server} />,
  },
  {
    id: 'launched',
    header: 'Launched',
    width: '5.5rem',
    cell: (server) => <RelativeTime isShort at={server.launched} />,
  },
];

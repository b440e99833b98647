import type { Server } from '#contract/farms/servers.ts';

import { environmentOf } from '../../util/places.ts';
import { capitalized } from '../../util/format.ts';
import { CopyableId } from '../CopyableId.tsx';
import { ImageName, imageText, RoleImageName } from '../ImageName.tsx';
import { RelativeTime } from '../RelativeTime.tsx';
import { StatusBadge } from '../StatusBadge.tsx';
import type { Column } from '../table/table.ts';

/** `pending_launch` as people read it. */
export function statusWords(status: string): string {
  return capitalized(status.replaceAll('_', ' '));
}

export function serverLabel(server: Server): string {
  return `${server.farmRole.alias} #${server.index}`;
}

/** What a server runs, wherever it is listed. */
export const serverColumns: readonly Column<Server>[] = [
  {
    id: 'server',
    header: 'Server',
    isName: true,
    cell: (server) =>
      server.cloudServerId === null ? (
        <span className="dim">not launched yet</span>
      ) : (
        <CopyableId id={server.cloudServerId} what="cloud server ID" length={22} />
      ),
  },
  {
    id: 'farmRole',
    header: 'Farm role',
    text: serverLabel,
    cell: serverLabel,
  },
  { id: 'status', header: 'Status', width: '6.5rem', cell: (row) => statusWords(row.status) },
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
    cell: (server) =>
      server.stale || server.image?.deprecated === true ? (
        <StatusBadge state="old" detail={whyOld(server)} />
      ) : (
        <span className="dim">current</span>
      ),
  },
  {
    id: 'launched',
    header: 'Launched',
    width: '5.5rem',
    cell: (server) => <RelativeTime isShort at={server.launched} />,
  },
];

function whyOld(server: Server): string {
  const deprecated = server.image?.deprecated === true ? 'Its image is deprecated.' : '';
  const stale = server.stale
    ? `The role has ${server.roleImage.name} (${server.roleImage.cloudImageId}) now; a relaunch takes it.`
    : '';
  return [deprecated, stale].filter((part) => part !== '').join(' ');
}

export const serverKey = (server: Server) => server.id;

import type { Server } from '#contract/farms/servers.ts';
import { serverStatuses } from '#contract/farms/statuses.ts';

import { serverListQuery } from '../../api/servers.ts';
import { CopyableId } from '../../components/CopyableId.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { filtersBy, flagOptions } from '../../components/filters/choices.ts';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { ListBody } from '../../components/lists/ListBody.tsx';
import { ImageName, RoleImageName } from '../../components/ImageName.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { Column } from '../../components/table/table.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { capitalized } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';
import {
  choiceParam,
  flagParam,
  pageOf,
  pageSizeParam,
  textParam,
} from '../../util/search-params.ts';

const search = {
  status: choiceParam(serverStatuses),
  old: flagParam(),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};

/** `pending_launch` as people read it. */
function statusWords(status: string): string {
  return capitalized(status.replaceAll('_', ' '));
}

const columns: readonly Column<Server>[] = [
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
    width: '9rem',
    cell: (server) => `${server.farmRole.alias} #${server.index}`,
  },
  { id: 'status', header: 'Status', width: '6.5rem', cell: (row) => statusWords(row.status) },
  {
    id: 'image',
    header: 'Runs',
    width: '11.25rem',
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
    width: '11.25rem',
    cell: (server) => <RoleImageName at={environmentOf(server)} of={server} />,
  },
  {
    id: 'old',
    header: 'State',
    width: '9rem',
    hideBelow: 'sm',
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
    hideBelow: 'lg',
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

const rowKey = (server: Server) => server.id;
const rowLabel = (server: Server) => `${server.farmRole.alias} #${server.index}`;

/** The servers of a farm, each with the image that it runs. */
export function FarmServers({ at, farmId }: { at: PathScope; farmId: number }) {
  const base = useList(search, ({ status, old: onOldImage, ...state }) =>
    serverListQuery(at, {
      farm: String(farmId),
      status,
      onOldImage,
      ...pageOf(state),
      include: ['total'],
    }),
  );
  const filter = filtersBy(base.state, base.patch);
  const listing = useListing(base, [
    filter(
      'status',
      'Status',
      serverStatuses.map((value) => ({ value, label: statusWords(value) })),
    ),
    filter('old', 'Image', flagOptions('On an old image', 'On the current image')),
  ]);
  return (
    <DetailSection title="Servers">
      <FilterBar filters={listing.filters} onClear={listing.clear} />
      <ListBody
        {...{ listing, columns, rowKey, rowLabel }}
        label="Servers of the farm"
        noun="server"
        empty={<EmptyState title="This farm has no servers">Nothing runs here now.</EmptyState>}
      />
    </DetailSection>
  );
}

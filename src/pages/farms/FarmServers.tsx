import { useQuery } from '@tanstack/react-query';
import type { Server } from '#contract/farms/servers.ts';
import { serverStatuses } from '#contract/farms/statuses.ts';

import { serverListQuery } from '../../api/servers.ts';
import { CopyableId } from '../../components/CopyableId.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { activeFilters, FilterBar } from '../../components/filters/FilterBar.tsx';
import type { Filter } from '../../components/filters/filter.ts';
import { ImageName } from '../../components/ImageName.tsx';
import { NoMatch } from '../../components/filters/NoMatch.tsx';
import { Pager } from '../../components/table/Pager.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { Column } from '../../components/table/table.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';
import { choiceParam, flagParam, pageSizeParam, textParam } from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

const search = {
  status: choiceParam(serverStatuses),
  old: flagParam(),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};

/** `pending_launch` as people read it. */
function statusWords(status: string): string {
  const words = status.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
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
    cell: (server) =>
      server.stale ? (
        <ImageName at={environmentOf(server)} image={server.roleImage} />
      ) : (
        <span className="dim">the same</span>
      ),
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

/** The page of a farm's servers that the address asks for. */
function useServers(at: PathScope, farmId: number, state: SearchState<typeof search>) {
  return useQuery(
    serverListQuery(at, {
      farm: String(farmId),
      status: state.status,
      onOldImage: state.old,
      maxResults: state.pageSize,
      cursor: state.cursor === '' ? 'start' : state.cursor,
      include: ['total'],
    }),
  );
}

function filtersOf(
  state: SearchState<typeof search>,
  patch: (change: Record<string, string>) => void,
): Filter[] {
  return [
    {
      id: 'status',
      label: 'Status',
      options: serverStatuses.map((value) => ({ value, label: statusWords(value) })),
      value: state.status ?? '',
      onChange: (status) => patch({ status }),
    },
    {
      id: 'old',
      label: 'Image',
      options: [
        { value: 'true', label: 'On an old image' },
        { value: 'false', label: 'On the current image' },
      ],
      value: state.old === undefined ? '' : String(state.old),
      onChange: (old) => patch({ old }),
    },
  ];
}

/** The servers of a farm, each with the image that it runs. */
export function FarmServers({ at, farmId }: { at: PathScope; farmId: number }) {
  const [state, patch] = useUrlState(search);
  const list = useServers(at, farmId, state);
  const filters = filtersOf(state, patch);
  const clear = () => patch({ status: '', old: '' });
  const active = activeFilters(filters);
  return (
    <DetailSection title="Servers">
      <FilterBar filters={filters} onClear={clear} />
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {(list.data !== undefined || list.error === null) && (
        <DataTable
          label="Servers of the farm"
          columns={columns}
          rows={list.data?.data}
          rowKey={rowKey}
          rowLabel={rowLabel}
          isStale={list.isPlaceholderData}
          listKey={JSON.stringify(state)}
          empty={
            active.length > 0 ? (
              <NoMatch noun="servers" filters={active} onClear={clear} />
            ) : (
              <EmptyState title="This farm has no servers">Nothing runs here now.</EmptyState>
            )
          }
        />
      )}
      <Pager
        pagination={list.data?.pagination}
        noun="server"
        pageSize={state.pageSize}
        onPageSize={(pageSize) => patch({ pageSize })}
      />
    </DetailSection>
  );
}

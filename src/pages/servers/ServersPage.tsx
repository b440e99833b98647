import { useMemo } from 'react';
import { Link } from 'react-router';
import type { Server } from '#contract/farms/servers.ts';
import { serverStatuses } from '#contract/farms/statuses.ts';

import { serverListQuery } from '../../api/servers.ts';
import type { ServerListInput } from '../../api/servers.ts';
import { filtersBy, flagOptions } from '../../components/filters/choices.ts';
import { useBroughtFilters } from '../../components/filters/use-fleet-filters.ts';
import { ObservedMark } from '../../components/objects/ObservedMark.tsx';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { BulkActions } from '../../components/objects/BulkActions.tsx';
import { actionItems } from '../../components/objects/object-actions.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { serverColumns } from '../../components/objects/server-columns.tsx';
import {
  serverDetails,
  serverInFarm,
  serverKey,
  serverLabel,
  statusWords,
} from '../../components/servers/server-words.ts';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useRowSelection } from '../../hooks/use-row-selection.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import {
  choiceParam,
  flagParam,
  idParam,
  pageOf,
  pageSizeParam,
  parseSearch,
  patternParam,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';
import { uuidPattern } from '../../util/uuid.ts';

import { serverKind } from './server-kind.ts';

/** What the address holds. Those that have ended stay in the list; `live` leaves them out, as counts do. */
const search = {
  query: textParam(),
  farm: idParam(),
  role: idParam(),
  image: patternParam(uuidPattern),
  imageSet: idParam(),
  live: flagParam(),
  status: choiceParam(serverStatuses),
  old: flagParam(),
  observed: flagParam(),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};

function listInput(state: SearchState<typeof search>): ServerListInput {
  return {
    query: state.query,
    farm: state.farm?.toString(),
    role: state.role?.toString(),
    image: state.image,
    imageSet: state.imageSet?.toString(),
    live: state.live,
    status: state.status,
    onOldImage: state.old,
    observed: state.observed,
    ...pageOf(state),
    include: ['total', 'actions'],
  };
}

const searchWords = {
  label: 'Search servers',
  placeholder: 'Host name or ID',
  members: ['hostname', 'cloudServerId', 'id'],
};

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, params) => {
  void queryClient.prefetchQuery(serverListQuery(at, listInput(parseSearch(search, params))));
});

/** The servers at and below a scope: what counts of servers lead to. */
export const Component = scopedPage(ServerList);

function columnsOf(at: PathScope): readonly Column<Server>[] {
  const farm: Column<Server> = {
    id: 'farm',
    header: 'Farm',
    width: '9rem',
    cell: (server) => (
      <>
        <Link to={paths.farm(at, server.farm.id)}>{server.farm.name}</Link>
        {server.observed === true && <ObservedMark />}
      </>
    ),
  };
  const [name, ...others] = serverColumns(at);
  return [...(name ? [name] : []), farm, ...others];
}

function ServerList({ at }: { at: PathScope }) {
  const { open } = useDialog(Object.keys(serverKind.actions));
  const base = useList(search, (state) => serverListQuery(at, listInput(state)));
  const { state, patch } = base;
  const brought = useBroughtFilters(at, state, patch);
  const filter = filtersBy(state, patch);
  const statuses = serverStatuses.map((value) => ({ value, label: statusWords(value) }));
  const filters = [
    filter('live', 'Live', flagOptions('Live', 'Ending or ended')),
    filter('status', 'Status', statuses),
    filter('old', 'Image', flagOptions('On an old image', 'On the current image')),
    filter('observed', 'Run by', flagOptions('Something else (observed)', 'Slipway')),
    ...brought,
  ];
  const listing = useListing(base, filters, searchWords);
  const selection = useRowSelection(listing.list.data?.data);
  const columns = useMemo(() => columnsOf(at), [at]);
  return (
    <>
      <ListPage
        {...{ at, listing, columns }}
        rowKey={serverKey}
        rowLabel={serverLabel}
        rowDetails={serverDetails}
        selection={selection.forTable}
        noun="server"
        hint="Farms launch servers; they show here with the images that they run."
        actions={(server) =>
          actionItems(serverKind, at, server, (dialog) => open(dialog, server.id))
        }
      />
      <BulkActions
        kind={serverKind}
        at={at}
        objects={selection.rows}
        nameOf={serverInFarm}
        onClear={selection.clear}
      />
      <ObjectDialogs kind={serverKind} at={at} />
    </>
  );
}

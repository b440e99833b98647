import { useMemo } from 'react';
import { serverStatuses } from '#contract/farms/statuses.ts';

import { serverListQuery } from '../../api/servers.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { filtersBy, flagOptions } from '../../components/filters/choices.ts';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { ListBody } from '../../components/lists/ListBody.tsx';
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
import { useDialog } from '../../hooks/use-dialog.ts';
import { useRowSelection } from '../../hooks/use-row-selection.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import type { PathScope } from '../../util/paths.ts';
import {
  choiceParam,
  flagParam,
  pageOf,
  pageSizeParam,
  textParam,
} from '../../util/search-params.ts';

import { serverKind } from './server-kind.ts';

const search = {
  /** Left out, those that live. */
  ended: choiceParam(['only', 'too']),
  status: choiceParam(serverStatuses),
  old: flagParam(),
  pageSize: pageSizeParam(),
  cursor: textParam(),
};

const endedOptions = [
  { value: 'only', label: 'Ending or ended' },
  { value: 'too', label: 'Live, ending or ended' },
];
const statusOptions = serverStatuses.map((value) => ({ value, label: statusWords(value) }));

/** The servers of a farm, each with the image that it runs. */
export function FarmServers({ at, farmId }: { at: PathScope; farmId: number }) {
  const { open } = useDialog(Object.keys(serverKind.actions));
  const columns = useMemo(() => serverColumns(at), [at]);
  const base = useList(search, ({ ended, status, old: onOldImage, ...state }) =>
    serverListQuery(at, {
      farm: String(farmId),
      live: ended === 'only' ? false : ended === 'too' || status !== undefined ? undefined : true,
      status,
      onOldImage,
      ...pageOf(state),
      include: ['total', 'actions'],
    }),
  );
  const filter = filtersBy(base.state, base.patch);
  const listing = useListing(base, [
    filter('ended', 'Ended', endedOptions),
    filter('status', 'Status', statusOptions),
    filter('old', 'Image', flagOptions('On an old image', 'On the current image')),
  ]);
  const selection = useRowSelection(listing.list.data?.data);
  return (
    <DetailSection title="Servers">
      <FilterBar filters={listing.filters} onClear={listing.clear} />
      <ListBody
        {...{ listing, columns }}
        rowKey={serverKey}
        rowLabel={serverLabel}
        rowDetails={serverDetails}
        selection={selection.forTable}
        label="Servers of the farm"
        noun="server"
        empty={<EmptyState title="This farm has no servers">Nothing runs here now.</EmptyState>}
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
    </DetailSection>
  );
}

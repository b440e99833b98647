import { serverStatuses } from '#contract/farms/statuses.ts';

import { serverListQuery } from '../../api/servers.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { filtersBy, flagOptions } from '../../components/filters/choices.ts';
import { FilterBar } from '../../components/filters/FilterBar.tsx';
import { ListBody } from '../../components/lists/ListBody.tsx';
import { useList, useListing } from '../../components/lists/use-list.ts';
import {
  serverColumns,
  serverKey,
  serverLabel,
  statusWords,
} from '../../components/objects/server-columns.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import type { PathScope } from '../../util/paths.ts';
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
        {...{ listing }}
        columns={serverColumns}
        rowKey={serverKey}
        rowLabel={serverLabel}
        label="Servers of the farm"
        noun="server"
        empty={<EmptyState title="This farm has no servers">Nothing runs here now.</EmptyState>}
      />
    </DetailSection>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Farm } from '#contract/farms/farms.ts';

import { farmListQuery } from '../../api/farms.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { BulkActions } from '../../components/objects/BulkActions.tsx';
import { actionItems } from '../../components/objects/object-actions.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useRowSelection } from '../../hooks/use-row-selection.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { ContactFiltered } from './ContactFiltered.tsx';
import { farmKind } from './farm-actions.ts';
import { farmColumns } from './farm-columns.tsx';
import { listInputOf, useFarmList } from './farm-filters.ts';

const rowKey = (farm: Farm) => String(farm.id);
const rowLabel = (farm: Farm) => farm.name;
const rowDetails = (farm: Farm) => [`${farm.accountName} / ${farm.envName}`, String(farm.id)];

/** Starts reading the list before the page is there; the page shows skeletons until it came. */
export const loader = scopedLoader((at, search) => {
  void queryClient.prefetchQuery(farmListQuery(at, listInputOf(search)));
  void queryClient.prefetchQuery(scopeQuery(at));
});

/** The farms at and below a scope. */
export const Component = scopedPage(FarmList);

function FarmList({ at }: { at: PathScope }) {
  const { open } = useDialog(Object.keys(farmKind.actions));
  const scope = useQuery(scopeQuery(at)).data;
  const listing = useFarmList(at);
  const selection = useRowSelection(listing.list.data?.data);
  const columns = useMemo(() => farmColumns(at), [at]);
  return (
    <>
      <ListPage
        {...{ at, listing, columns, rowKey, rowLabel, rowDetails }}
        noun="farm"
        create={{
          label: 'New farm',
          to: paths.newFarm(at),
          reason: reasonAgainst(scope?.actions.farmCreate),
        }}
        hint="A farm runs servers of one or more roles. Farms show here with the images that their servers run."
        actions={(farm) => actionItems(farmKind, at, farm, (dialog) => open(dialog, farm.id))}
        selection={selection.forTable}
        end={(chooser) => (
          <>
            <ContactFiltered at={at} />
            {chooser}
          </>
        )}
      />
      <BulkActions
        kind={farmKind}
        at={at}
        objects={selection.rows}
        nameOf={rowLabel}
        onClear={selection.clear}
      />
      <ObjectDialogs kind={farmKind} at={at} />
    </>
  );
}
